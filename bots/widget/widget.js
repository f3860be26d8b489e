// @ts-check
/**
 * Guichet: the web chat. A plain module, no dependency, no build step.
 *
 * Everything that comes from the server or from the visitor reaches the page
 * through `textContent`: there is no HTML parsing anywhere in this file.
 *
 * @typedef {{text: string, strong?: boolean, em?: boolean, code?: boolean, href?: string, entry?: string}} Span
 * @typedef {{type: "paragraph", spans: Span[], source?: number}} Paragraph
 * @typedef {{type: "list", ordered?: boolean, items: Block[][], source?: number}} List
 * @typedef {Paragraph | List} Block
 * @typedef {{kind: "entry" | "rule" | "fact" | "text", id: string, revision?: string | number, label?: string}} Source
 * @typedef {{id: string, label: string}} Choice
 * @typedef {{decision: string, confidence: number, blocks: Block[], sources?: Source[], options?: Choice[]}} Reply
 * @typedef {{id: string, author: "visitor" | "assistant", text?: string, reply?: Reply, sent_at: number}} StoredMessage
 * @typedef {{id: string, token: string}} Session
 * @typedef {{text: string, option?: string}} Outgoing
 */

const API = "/api/v1";
const SESSION_KEY = "guichet.conversation";
const DRAFT_KEY = "guichet.draft";
const MAX_LENGTH = 4000;
const COUNTER_FROM = 3500;
const SUGGEST_DELAY_MS = 150;
const SUGGEST_MIN = 2;
const SUGGEST_MAX = 6;
const TIMEOUT_MS = 30_000;
const MAX_DEPTH = 6;
const SAFE_SCHEMES = new Set(["https:", "http:", "mailto:", "tel:"]);

const TEXT = {
  welcome: "Bonjour et bienvenue\u00a0!",
  intro: "Posez votre question comme elle vous vient\u00a0: je cherche la réponse dans nos fiches et je vous indique d’où elle vient.",
  examplesLabel: "Exemples de questions",
  examples: [
    "Comment créer un ticket Zendesk\u00a0?",
    "Où trouver les clés de mon client\u00a0?",
    "Comment résilier un contrat\u00a0?",
  ],
  field: "Votre question",
  placeholder: "Posez votre question…",
  hint: "Entrée pour envoyer, Maj\u00a0+\u00a0Entrée pour aller à la ligne",
  send: "Envoyer",
  fresh: "Nouvelle conversation",
  log: "Conversation",
  you: "Vous\u00a0: ",
  bot: "Guichet\u00a0: ",
  pending: "Guichet cherche votre réponse…",
  choices: "Choix proposés",
  suggestions: "Questions proposées",
  newTab: " (nouvel onglet)",
  retry: "Réessayer",
  offline: "La connexion semble interrompue. Vérifiez votre réseau, puis réessayez.",
  timeout: "La réponse tarde à venir. Votre message est conservé, vous pouvez réessayer.",
  failed: "Votre message n’a pas pu être traité. Il est conservé, vous pouvez réessayer.",
  history: "Votre conversation n’a pas pu être rechargée.",
  unanswered: "Votre dernière question est restée sans réponse.",
};

/** A failure with a sentence that can be shown as it is. */
class ApiError extends Error {
  /**
   * @param {number} status 0 when no HTTP answer was received
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The request was dropped on purpose; nothing to tell the visitor. */
class Cancelled extends Error {}

/**
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {{token?: string, body?: unknown, signal: AbortSignal}} options
 * @returns {Promise<any>}
 */
async function request(method, path, { token, body, signal }) {
  const controller = new AbortController();
  let late = false;
  const stop = () => controller.abort();
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, TIMEOUT_MS);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await fetch(API + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: controller.signal,
      cache: "no-store",
      credentials: "same-origin",
    });
    const raw = await response.text();
    /** @type {any} */
    let data = null;
    try {
      data = JSON.parse(raw);
    } catch {
      // A proxy's error page, or a truncated answer: handled just below.
    }
    if (!response.ok) {
      const said = [data?.detail, data?.title].find((text) => typeof text === "string" && text.trim() !== "");
      throw new ApiError(response.status, said ?? TEXT.failed);
    }
    if (data === null || typeof data !== "object") throw new ApiError(response.status, TEXT.failed);
    return data;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (signal.aborted) throw new Cancelled();
    throw new ApiError(0, late ? TEXT.timeout : TEXT.offline);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** sessionStorage that never throws (it may be forbidden or full). */
const storage = {
  /** @param {string} key @returns {string | null} */
  get(key) {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  },
  /** @param {string} key @param {string | null} value */
  set(key, value) {
    try {
      if (value === null || value === "") sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, value);
    } catch {
      // The conversation then lives as long as the page.
    }
  },
};

/** @returns {Session | null} */
function storedSession() {
  try {
    const value = JSON.parse(storage.get(SESSION_KEY) ?? "null");
    if (typeof value?.id === "string" && typeof value?.token === "string") return { id: value.id, token: value.token };
  } catch {
    // Not ours, or damaged: start afresh.
  }
  return null;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/**
 * @param {string} className
 * @param {string[]} paths
 * @returns {SVGSVGElement}
 */
function icon(className, paths) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(ns, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

const LOGO = ["M4.5 20V11a7.5 7.5 0 0 1 15 0v9", "M2.5 20h19", "M9 12.5h6", "M9 16h3.5"];
const PLUS = ["M12 5v14", "M5 12h14"];
const ARROW = ["M12 19V5", "M5.5 11.5 12 5l6.5 6.5"];
const SHEET = ["M7 3.5h7l4 4v13H7z", "M14 3.5v4h4", "M10 12h5", "M10 16h5"];

/**
 * @param {string} href
 * @returns {URL | null} null unless absolute and of an accepted scheme
 */
function safeUrl(href) {
  try {
    const url = new URL(href);
    return SAFE_SCHEMES.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** The chat itself. One instance for each host element. */
class Chat {
  /** @param {HTMLElement} host */
  constructor(host) {
    /** @type {Session | null} */
    this.session = storedSession();
    this.busy = false;
    /** Everything under way for the current conversation. */
    this.scope = new AbortController();
    /** @type {AbortController | null} */
    this.suggesting = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.suggestTimer = undefined;
    /** @type {Choice[]} */
    this.suggestions = [];
    this.active = -1;

    this.log = el("div", { class: "guichet-log", role: "log", "aria-live": "polite", "aria-label": TEXT.log, tabindex: "0" });
    this.examples = el("div", { class: "guichet-choices", role: "group", "aria-label": TEXT.examplesLabel });
    for (const text of TEXT.examples) this.examples.append(this.choice(text, { text }));
    this.welcome = el(
      "div",
      { class: "guichet-welcome" },
      el("h2", {}, TEXT.welcome),
      el("p", {}, TEXT.intro),
      this.examples,
    );

    this.field = el("textarea", {
      id: "guichet-field",
      class: "guichet-field",
      rows: "1",
      maxlength: String(MAX_LENGTH),
      placeholder: TEXT.placeholder,
      autocomplete: "off",
      enterkeyhint: "send",
      "aria-describedby": "guichet-hint guichet-counter",
      // A textarea may not take role="combobox"; a textbox carries the same pattern.
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": "guichet-suggestions",
    });
    this.list = el("ul", { id: "guichet-suggestions", class: "guichet-suggestions", role: "listbox", "aria-label": TEXT.suggestions });
    this.list.hidden = true;
    this.counter = el("span", { id: "guichet-counter", class: "guichet-counter" });
    this.counter.hidden = true;
    this.status = el("p", { class: "guichet-hidden", role: "status" });
    this.sendButton = el("button", { type: "submit", class: "guichet-send", "aria-label": TEXT.send, title: TEXT.send }, icon("guichet-icon", ARROW));
    this.form = el(
      "form",
      { class: "guichet-form" },
      this.list,
      el("label", { for: "guichet-field", class: "guichet-hidden" }, TEXT.field),
      el("div", { class: "guichet-box" }, this.field, this.sendButton),
      el("p", { class: "guichet-foot" }, el("span", { id: "guichet-hint", class: "guichet-hint" }, TEXT.hint), this.counter),
      this.status,
    );

    const fresh = el(
      "button",
      { type: "button", class: "guichet-fresh", title: TEXT.fresh },
      icon("guichet-icon", PLUS),
      el("span", { class: "guichet-fresh-label" }, TEXT.fresh),
    );
    const header = el(
      "header",
      { class: "guichet-header" },
      el("span", { class: "guichet-logo" }, icon("guichet-icon", LOGO)),
      el(
        "h1",
        { class: "guichet-title" },
        el("span", { class: "guichet-brand" }, "Guichet"),
        el("span", { class: "guichet-dash" }, " — "),
        el("span", { class: "guichet-tagline" }, "Assistance partenaires"),
      ),
      fresh,
    );

    fresh.addEventListener("click", () => this.restart());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.field.addEventListener("input", () => this.onInput());
    this.field.addEventListener("blur", () => this.closeSuggestions());
    // Choosing with the mouse must not take the focus away from the field.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (item) this.choose([...this.list.children].indexOf(item));
    });

    this.log.append(this.welcome);
    host.replaceChildren(el("div", { class: "guichet" }, header, this.log, this.form));

    this.field.value = (storage.get(DRAFT_KEY) ?? "").slice(0, MAX_LENGTH);
    this.measure();
    this.refresh();
    if (this.session) void this.loadHistory(this.session);
    if (!isTouch()) this.focusField();
    this.keepBottom();
  }

  // ---------------------------------------------------------------- sending

  submit() {
    const text = this.field.value.trim();
    if (text === "") {
      this.field.focus();
      return;
    }
    if (this.busy) return; // the text stays in the field
    this.setField("");
    void this.send({ text });
  }

  /**
   * @param {Outgoing} message
   * @param {HTMLElement} [bubble] the visitor's message, when it is already shown
   */
  async send(message, bubble) {
    if (this.busy) return;
    this.setBusy(true);
    this.closeSuggestions();
    this.examples.hidden = true;
    const { signal } = this.scope;
    const shown = bubble ?? this.visitorBubble(message.text);
    const waiting = el(
      "div",
      { class: "guichet-message guichet-assistant guichet-pending" },
      el("span", { class: "guichet-hidden" }, TEXT.pending),
      el("span", { class: "guichet-dots", "aria-hidden": "true" }, el("span", {}, "."), el("span", {}, "."), el("span", {}, ".")),
    );
    this.log.append(shown, waiting);
    this.scrollTo(null);
    try {
      const reply = await this.deliver(message, signal);
      waiting.replaceWith(this.assistantBubble(reply));
    } catch (error) {
      if (error instanceof Cancelled || signal.aborted) return;
      const sentence = error instanceof ApiError ? error.message : TEXT.failed;
      waiting.replaceWith(this.errorBox(sentence, () => void this.send(message, shown)));
    }
    this.setBusy(false);
    this.scrollTo(shown);
  }

  /**
   * Posts the message; a conversation the server no longer knows is replaced
   * by a new one, silently, and the message is sent again once.
   *
   * @param {Outgoing} message
   * @param {AbortSignal} signal
   * @returns {Promise<Reply>}
   */
  async deliver(message, signal) {
    if (this.session) {
      try {
        return await this.post(this.session, message, signal);
      } catch (error) {
        if (!isGone(error)) throw error;
        this.keepSession(null);
      }
    }
    return this.post(await this.open(signal), message, signal);
  }

  /**
   * @param {Session} session
   * @param {Outgoing} message
   * @param {AbortSignal} signal
   * @returns {Promise<Reply>}
   */
  post(session, message, signal) {
    const path = `/conversations/${encodeURIComponent(session.id)}/messages`;
    return request("POST", path, { token: session.token, body: message, signal });
  }

  /** @param {AbortSignal} signal @returns {Promise<Session>} */
  async open(signal) {
    const data = await request("POST", "/conversations", { body: {}, signal });
    if (typeof data.id !== "string" || typeof data.token !== "string") throw new ApiError(0, TEXT.failed);
    const session = { id: data.id, token: data.token };
    this.keepSession(session);
    return session;
  }

  /** @param {Session | null} session */
  keepSession(session) {
    this.session = session;
    storage.set(SESSION_KEY, session && JSON.stringify(session));
  }

  /** @param {Session} session */
  async loadHistory(session) {
    const { signal } = this.scope;
    this.setBusy(true);
    // The past is shown, not read aloud again.
    this.log.setAttribute("aria-live", "off");
    this.examples.hidden = true;
    try {
      const path = `/conversations/${encodeURIComponent(session.id)}/messages`;
      const data = await request("GET", path, { token: session.token, signal });
      /** @type {StoredMessage[]} */
      const messages = Array.isArray(data.messages) ? data.messages : [];
      /** @type {{text: string, bubble: HTMLElement} | null} */
      let open = null;
      for (const message of messages) {
        if (message.author === "visitor") {
          const text = message.text ?? "";
          open = { text, bubble: this.visitorBubble(text) };
          this.log.append(open.bubble);
        } else if (message.reply) {
          open = null;
          this.log.append(this.assistantBubble(message.reply));
        }
      }
      if (open) {
        const { text, bubble } = open;
        this.log.append(this.errorBox(TEXT.unanswered, () => void this.send({ text }, bubble)));
      }
      this.examples.hidden = messages.length > 0;
    } catch (error) {
      if (error instanceof Cancelled || signal.aborted) return;
      if (isGone(error)) {
        this.keepSession(null);
        this.examples.hidden = false;
      } else {
        this.log.append(this.errorBox(TEXT.history, () => void this.loadHistory(session)));
      }
    }
    this.setBusy(false);
    this.scrollTo(null);
    setTimeout(() => this.log.setAttribute("aria-live", "polite"), 500);
  }

  restart() {
    this.scope.abort();
    this.scope = new AbortController();
    this.keepSession(null);
    this.log.replaceChildren(this.welcome);
    this.log.setAttribute("aria-live", "polite");
    this.examples.hidden = false;
    this.setField("");
    this.setBusy(false);
    this.log.scrollTop = 0;
    this.focusField();
  }

  // -------------------------------------------------------------- rendering

  /** @param {string} text @returns {HTMLElement} */
  visitorBubble(text) {
    return el(
      "div",
      { class: "guichet-message guichet-visitor", "data-author": "visitor" },
      el("span", { class: "guichet-hidden" }, TEXT.you),
      el("span", { class: "guichet-text" }, unbroken(text)),
    );
  }

  /** @param {Reply} reply @returns {HTMLElement} */
  assistantBubble(reply) {
    const bubble = el(
      "div",
      { class: "guichet-message guichet-assistant", "data-author": "assistant", "data-decision": String(reply.decision) },
      el("span", { class: "guichet-hidden" }, TEXT.bot),
    );
    const body = el("div", { class: "guichet-body" });
    this.blocks(body, reply.blocks, 0);
    bubble.append(body);
    const options = reply.options ?? [];
    if (options.length > 0) {
      const group = el("div", { class: "guichet-choices", role: "group", "aria-label": TEXT.choices });
      for (const { id, label } of options) group.append(this.choice(label, { text: label, option: id }));
      bubble.append(group);
    }
    const seen = new Set();
    const lines = [];
    for (const source of reply.sources ?? []) {
      if (source.kind !== "entry" || seen.has(source.id)) continue;
      seen.add(source.id);
      lines.push(el("p", { class: "guichet-source" }, icon("guichet-icon", SHEET), el("span", {}, `Fiche\u00a0: ${source.label ?? source.id}`)));
    }
    if (lines.length > 0) bubble.append(el("div", { class: "guichet-sources" }, ...lines));
    return bubble;
  }

  /**
   * @param {HTMLElement} parent
   * @param {Block[] | undefined} blocks
   * @param {number} depth
   */
  blocks(parent, blocks, depth) {
    if (depth > MAX_DEPTH) return;
    for (const block of blocks ?? []) {
      if (block.type === "paragraph") {
        parent.append(el("p", {}, ...block.spans.map((span) => this.span(span))));
      } else if (block.type === "list") {
        const list = el(block.ordered ? "ol" : "ul");
        for (const item of block.items) {
          const line = el("li");
          this.blocks(line, item, depth + 1);
          list.append(line);
        }
        parent.append(list);
      }
    }
  }

  /** @param {Span} span @returns {Node} */
  span(span) {
    /** @type {Node} */
    let node = document.createTextNode(span.code ? span.text : unbroken(span.text));
    if (span.code) node = el("code", {}, node);
    if (span.em) node = el("em", {}, node);
    if (span.strong) node = el("strong", {}, node);
    if (span.entry) {
      const { text, entry } = span;
      const link = el("button", { type: "button", class: "guichet-link" }, node);
      link.addEventListener("click", () => this.pick({ text, option: entry }));
      return link;
    }
    const url = span.href ? safeUrl(span.href) : null;
    if (!url) return node;
    const link = el("a", { href: url.href }, node);
    if (url.protocol === "https:" || url.protocol === "http:") {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      link.append(el("span", { class: "guichet-hidden" }, TEXT.newTab));
    }
    return link;
  }

  /**
   * @param {string} label
   * @param {Outgoing} message
   * @returns {HTMLButtonElement}
   */
  choice(label, message) {
    const button = el("button", { type: "button", class: "guichet-choice" }, unbroken(label));
    button.addEventListener("click", () => this.pick(message));
    return button;
  }

  /** @param {Outgoing} message */
  pick(message) {
    if (this.busy) return;
    void this.send(message);
    this.focusField();
  }

  /**
   * @param {string} sentence
   * @param {() => void} again
   * @returns {HTMLElement}
   */
  errorBox(sentence, again) {
    const button = el("button", { type: "button", class: "guichet-choice guichet-retry" }, TEXT.retry);
    const box = el("div", { class: "guichet-message guichet-error" }, el("p", {}, sentence), button);
    button.addEventListener("click", () => {
      if (this.busy) return;
      box.remove();
      again();
      this.focusField();
    });
    return box;
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.busy = busy;
    this.log.classList.toggle("guichet-busy", busy);
    this.refresh();
  }

  refresh() {
    const idle = this.busy || this.field.value.trim() === "";
    this.sendButton.setAttribute("aria-disabled", String(idle));
  }

  /**
   * Shows the end of the conversation, without hiding the start of a long
   * answer: the question it answers stays in view.
   *
   * @param {HTMLElement | null} question
   */
  scrollTo(question) {
    const bottom = this.log.scrollHeight - this.log.clientHeight;
    const top = question
      ? question.getBoundingClientRect().top - this.log.getBoundingClientRect().top + this.log.scrollTop - 16
      : bottom;
    this.log.scrollTo({ top: Math.min(bottom, top) });
  }

  /** Focuses the field, unless that would raise a touch keyboard. */
  focusField() {
    (isTouch() ? this.log : this.field).focus({ preventScroll: true });
  }

  /** Stays at the end of the conversation when the field or a keyboard takes room. */
  keepBottom() {
    let height = this.log.clientHeight;
    new ResizeObserver(() => {
      const { scrollTop, scrollHeight, clientHeight } = this.log;
      const atBottom = scrollTop + height >= scrollHeight - 4;
      height = clientHeight;
      if (atBottom) this.log.scrollTo({ top: scrollHeight, behavior: "instant" });
    }).observe(this.log);
  }

  // --------------------------------------------------- field and suggestions

  /** @param {string} value */
  setField(value) {
    this.field.value = value;
    storage.set(DRAFT_KEY, value);
    this.closeSuggestions();
    this.measure();
    this.refresh();
  }

  measure() {
    const { length } = this.field.value;
    this.counter.hidden = length <= COUNTER_FROM;
    this.counter.textContent = this.counter.hidden ? "" : `${french(length)}\u00a0/\u00a0${french(MAX_LENGTH)} caractères`;
    this.counter.classList.toggle("guichet-full", length >= MAX_LENGTH);
    if (!CSS.supports("field-sizing", "content")) {
      this.field.style.height = "auto";
      this.field.style.height = `${this.field.scrollHeight}px`;
    }
  }

  onInput() {
    storage.set(DRAFT_KEY, this.field.value);
    this.measure();
    this.refresh();
    clearTimeout(this.suggestTimer);
    this.suggesting?.abort();
    const query = this.field.value.trim();
    if (query.length < SUGGEST_MIN || query.length > 200 || query.includes("\n")) {
      this.closeSuggestions();
      return;
    }
    this.suggestTimer = setTimeout(() => void this.suggest(query), SUGGEST_DELAY_MS);
  }

  /** @param {string} query */
  async suggest(query) {
    if (this.busy) return;
    const controller = new AbortController();
    this.suggesting = controller;
    try {
      const data = await request("GET", `/suggest?q=${encodeURIComponent(query)}`, { signal: controller.signal });
      if (controller.signal.aborted) return;
      this.showSuggestions(Array.isArray(data.suggestions) ? data.suggestions.slice(0, SUGGEST_MAX) : []);
    } catch {
      // Suggestions are a comfort: without them, one can still ask.
      if (!controller.signal.aborted) this.closeSuggestions();
    }
  }

  /** @param {Choice[]} suggestions */
  showSuggestions(suggestions) {
    if (suggestions.length === 0 || document.activeElement !== this.field) {
      this.closeSuggestions();
      return;
    }
    this.suggestions = suggestions;
    this.list.replaceChildren(
      ...suggestions.map(({ label }, index) => el("li", { id: `guichet-suggestion-${index}`, role: "option", "aria-selected": "false" }, unbroken(label))),
    );
    this.list.hidden = false;
    this.activate(-1);
    const count = suggestions.length;
    this.status.textContent = count === 1 ? "1 question proposée, flèche haut pour la choisir." : `${count} questions proposées, flèches pour choisir.`;
  }

  closeSuggestions() {
    clearTimeout(this.suggestTimer);
    this.suggesting?.abort();
    this.suggestions = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.status.textContent = "";
    this.activate(-1);
  }

  /** @param {number} index -1 for none */
  activate(index) {
    this.active = index;
    [...this.list.children].forEach((item, at) => {
      item.setAttribute("aria-selected", String(at === index));
      if (at === index) item.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `guichet-suggestion-${index}`);
  }

  /** @param {number} index */
  choose(index) {
    const picked = this.suggestions[index];
    if (!picked || this.busy) return;
    this.setField("");
    void this.send({ text: picked.label, option: picked.id });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.isComposing) return;
    const count = this.suggestions.length;
    if (count > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      // From the field (-1) through the list and back to the field.
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.activate(((this.active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (count > 0 && event.key === "Escape") {
      event.preventDefault();
      this.closeSuggestions();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (this.active >= 0) this.choose(this.active);
      else this.submit();
    }
  }
}

/** @param {unknown} error */
function isGone(error) {
  return error instanceof ApiError && (error.status === 401 || error.status === 404);
}

function isTouch() {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}

/**
 * French sets a space before these signs, and no line may start with them.
 *
 * @param {string} text
 */
function unbroken(text) {
  return text.replace(/ (?=[?!:;»](?:\s|$))/g, "\u00a0").replace(/« /g, "«\u00a0");
}

/** @param {number} value */
function french(value) {
  return value.toLocaleString("fr-FR");
}

for (const host of document.querySelectorAll("[data-guichet]")) {
  if (host instanceof HTMLElement) new Chat(host);
}
