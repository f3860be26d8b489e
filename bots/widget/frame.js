// @ts-check
/** The panel around a conversation: its title, its actions, where messages and the field go. */
import { button, el, hidden, icon } from "./dom.js";

/** @import {Options, Texts} from "./types" */

const LOGO = "M4.500 20v-9a7.500 7.500 0 0 1 15 0v9M2.500 20h19M9 12.500h6M9 16h3.500";
const DOTS = "M12 5h.01M12 12h.01M12 19h.01";
const CROSS = "M6 6l12 12M18 6 6 18";
const SMALL = matchMedia("(max-width: 640px), (max-height: 480px)");

export class Frame {
  /**
   * @param {Options} options
   * @param {Texts} texts
   * @param {() => void} openMenu
   */
  constructor({ page, data, emit }, texts, openMenu) {
    this.emit = emit;
    this.log = el("div", { class: "log", role: "log", "aria-live": "off", "aria-label": texts.log, tabindex: "0" });
    /** What screen readers hear: each answer once, whole. */
    this.status = el("p", { class: "hidden", role: "status" });
    this.actions = el("div", { id: "actions", class: "actions" });
    this.more = button("more", openMenu, icon(DOTS));
    this.more.ariaLabel = texts.menu;
    this.more.setAttribute("aria-controls", "actions");
    const menu = el("div", { class: "menu" }, this.more, this.actions);
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) this.menu(false);
    });
    this.menu(false);

    const logo = data.logo ? el("img", { src: data.logo, alt: "" }) : icon(LOGO);
    const title = el(
      page ? "h1" : "h2",
      { id: "title" },
      el("b", {}, texts.title),
      hidden(" — "),
      el("span", { class: "tagline" }, texts.tagline),
    );
    const header = el("div", { class: "header" }, el("span", { class: "logo" }, logo), title, menu);
    this.node = el(page ? "section" : "dialog", { class: "guichet", "aria-labelledby": "title", lang: texts.send === "Send" ? "en" : "fr" });
    if (data.theme) this.node.dataset.theme = data.theme;
    if (data.position) this.node.classList.add(data.position);
    /** What is broken, for everybody. */
    this.banner = el("div", { class: "banners" });
    this.node.append(header, this.banner, this.log, this.status);
    this.node.addEventListener("keydown", (/** @type {any} */ event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      if (this.actions.hidden) this.hide();
      else {
        this.menu(false);
        this.more.focus();
      }
    });
    if (this.node instanceof HTMLDialogElement) {
      const close = button("more", () => this.hide(), icon(CROSS));
      close.ariaLabel = texts.close;
      header.append(close);
      this.node.addEventListener("close", () => {
        // The same Escape may have closed it natively; either way the page hears it once.
        this.emit("close");
      });
    }
    this.#keepBottom();
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #cleared;

  /** @param {boolean} open */
  menu(open) {
    this.actions.hidden = !open;
    this.more.ariaExpanded = String(open);
  }

  /** True when what is said can be seen. */
  get open() {
    return !(this.node instanceof HTMLDialogElement) || this.node.open;
  }

  show() {
    if (this.open || !(this.node instanceof HTMLDialogElement)) return;
    // A panel that covers the page must also hold the focus.
    if (SMALL.matches) this.node.showModal();
    else this.node.show();
    this.emit("open");
  }

  hide() {
    if (this.node instanceof HTMLDialogElement) this.node.close();
  }

  /** @param {string} text */
  announce(text) {
    this.status.textContent = text;
    clearTimeout(this.#cleared);
    // Read already; who walks through the page must not meet it twice.
    this.#cleared = setTimeout(() => this.status.replaceChildren(), 5000);
  }

  /**
   * Shows the end of the conversation, without hiding the start of a long answer: the question it answers stays in
   * view.
   * @param {Element | null} [question]
   */
  scroll(question) {
    const { log } = this;
    const bottom = log.scrollHeight - log.clientHeight;
    const top = question ? question.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop - 16 : bottom;
    log.scrollTo({ top: Math.min(bottom, top) });
  }

  /** Stays at the end when the field or a keyboard takes room. */
  #keepBottom() {
    const { log } = this;
    let height = 0;
    new ResizeObserver(() => {
      const atBottom = log.scrollTop + height >= log.scrollHeight - 4;
      height = log.clientHeight;
      if (atBottom) log.scrollTo({ top: log.scrollHeight, behavior: "instant" });
    }).observe(log);
  }
}
