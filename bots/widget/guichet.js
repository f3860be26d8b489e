// @ts-check
/** The launcher: one button. The chat itself is loaded when it is first opened. */
(() => {
  const script = document.currentScript ?? document.querySelector('script[src*="guichet.js"]');
  if (window.guichet || !(script instanceof HTMLScriptElement)) return;
  const base = new URL(".", script.src).href;
  const style = new CSSStyleSheet();
  // A host page's rules reach the element and no further: important rules of the inside win over all of them.
  style.replaceSync(`:host{all:initial!important;display:contents!important}
#launcher{position:fixed;z-index:2147483000;bottom:20px;right:20px;display:flex;align-items:center;gap:10px;min-height:56px;padding:0 20px;border:1px solid transparent;border-radius:28px;background:var(--guichet-accent,#0e5a55);color:var(--guichet-on-accent,#fff);font:600 1em var(--guichet-font,system-ui,sans-serif);box-shadow:0 6px 24px #0005;cursor:pointer;
&.left{right:auto;left:20px}
&:focus-visible{outline:3px solid;outline-offset:-6px}
svg{width:24px;fill:none;stroke:currentcolor;stroke-width:2}
b{padding:3px 8px;border-radius:12px;background:#b3261e;color:#fff}
&[hidden],b:empty{display:none}}
@media print{#launcher{display:none}}`);

  class Guichet extends HTMLElement {
    /** @type {Promise<import("./types").Panel> | undefined} */
    loading;
    /** @type {import("./types").Panel | undefined} */
    panel;

    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [style];
      /** @type {DOMStringMap} */
      const data = (this.data = Object.assign(Object.create(null), /** @type {HTMLElement} */ (script).dataset, this.dataset));
      this.site = "guichet:" + (data.site ?? base);
      this.lang = /^en/i.test(data.lang ?? document.documentElement.lang) ? "en" : "fr";
      if (data.page !== undefined) return this.open();

      const button = (this.button = document.createElement("button"));
      const badge = (this.badge = document.createElement("b"));
      button.innerText = data.label ?? (this.lang === "en" ? "Help" : "Aide");
      button.id = "launcher";
      button.className = data.position ?? "";
      button.ariaHasPopup = "dialog";
      button.onclick = () => this.open();
      const ns = "http://www.w3.org/2000/svg";
      const svg = document.createElementNS(ns, "svg");
      svg.setAttribute("viewBox", "0 0 24 24");
      svg.appendChild(document.createElementNS(ns, "path")).setAttribute("d", "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5");
      button.prepend(svg);
      button.append(" ", badge);
      root.append(button);
      if (data.open !== undefined) this.open();
      // Who has a conversation hears of an answer on every page.
      try {
        if (localStorage[this.site]) this.load();
      } catch {}
    }

    load() {
      return (this.loading ??= import(base + "chat.js").then(async ({ mount }) => (this.panel = await mount(this.shadowRoot, this, base))));
    }

    open() {
      this.load().then(
        (panel) => panel.show(),
        () => {
          // No network, or a policy of the page that forbids the chat: the plain form is still there.
          this.loading = undefined;
          window.open(base + "contact");
        },
      );
    }

    /** @param {string} name @param {unknown} [detail] */
    emit(name, detail) {
      const { button } = this;
      if (button && name === "open") button.hidden = true;
      if (button && name === "close") {
        button.hidden = false;
        // The browser gives the focus back to what had it, unless that was this button.
        if (document.activeElement === document.body || document.activeElement === this) button.focus();
      }
      this.dispatchEvent(new CustomEvent("guichet:" + name, { bubbles: true, detail }));
    }

    /** @param {number} count */
    unread(count) {
      const { button, badge } = this;
      if (!button || !badge) return;
      badge.innerText = count ? "" + count : "";
      // The name begins with what is seen, for those who say it aloud.
      button.ariaLabel = count ? button.innerText + (this.lang === "en" ? " unread" : " non lus") : null;
    }
  }

  const start = () => {
    customElements.define("guichet-chat", Guichet);
    const chat = /** @type {Guichet} */ (document.querySelector("guichet-chat") ?? document.body.appendChild(new Guichet()));
    window.guichet = {
      open: () => chat.open(),
      close: () => chat.panel?.hide(),
      toggle: () => (chat.panel?.open ? chat.panel.hide() : chat.open()),
      identify: () => chat.panel?.identify(),
      on(name, listener) {
        const heard = (/** @type {any} */ event) => listener(event.detail);
        document.addEventListener("guichet:" + name, heard);
        return () => document.removeEventListener("guichet:" + name, heard);
      },
    };
    document.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-guichet-open]")) {
        event.preventDefault();
        chat.open();
      }
    });
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
