// @ts-check
/** Where one types: the field, its suggestions, the way to a person. */
import { button, el, icon, unbroken } from "./dom.js";

/** @import {Choice, Said, Texts} from "./types" */

const ARROW = "M12 19V5M5.5 11.5 12 5l6.5 6.5";
const HEADSET = "M4 13a8 8 0 0 1 16 0M4 13v5h3v-5zM20 13v5h-3v-5zM18.500 18v1a2 2 0 0 1-2 2H13";
const CLIP = "M19 11.5 12 18.500a4.200 4.200 0 0 1-6-6l7.500-7.500a2.800 2.800 0 0 1 4 4L10 16.500a1.400 1.400 0 0 1-2-2l6.500-6.500";
const MAX_LENGTH = 4000;
const SUGGEST_DELAY_MS = 150;
const SUGGEST_MAX = 6;

export class Field {
  /** @type {Choice[]} */
  #suggestions = [];
  #active = -1;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = new AbortController();

  /**
   * @param {Texts} texts
   * @param {(said: Said) => void} send
   * @param {(path: string, signal: AbortSignal) => Promise<any>} ask
   * @param {(text: string) => void} announce
   * @param {(files: File[]) => void} attach
   */
  constructor(texts, send, ask, announce, attach) {
    this.texts = texts;
    this.send = send;
    this.ask = ask;
    this.announce = announce;
    this.input = el("textarea", {
      id: "field",
      rows: "1",
      maxlength: String(MAX_LENGTH),
      placeholder: texts.placeholder,
      autocomplete: "off",
      dir: "auto",
      enterkeyhint: "send",
      // A textarea may not take role="combobox"; a textbox carries the same pattern.
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": "suggestions",
    });
    this.list = el("ul", { id: "suggestions", role: "listbox", "aria-label": texts.suggestions });
    this.list.hidden = true;
    this.submit = el("button", { class: "send", "aria-label": texts.send, title: texts.send }, icon(ARROW));
    const files = el("input", { type: "file", multiple: "", tabindex: "-1", "aria-label": texts.attach });
    files.hidden = true;
    files.addEventListener("change", () => {
      attach([...(files.files ?? [])]);
      files.value = "";
    });
    const clip = button("more", () => files.click(), icon(CLIP));
    clip.title = clip.ariaLabel = texts.attach;
    this.input.addEventListener("paste", ({ clipboardData }) => attach([...(clipboardData?.files ?? [])]));
    const human = button("human", () => this.send({ text: texts.human, option: "do:ticket" }), icon(HEADSET), texts.human);
    this.form = el(
      "form",
      {},
      this.list,
      el("label", { for: "field", class: "hidden" }, texts.field),
      el("div", { class: "box" }, files, clip, this.input, this.submit),
      el("p", { class: "foot" }, human),
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.input.addEventListener("input", () => this.#onInput());
    this.input.addEventListener("blur", () => this.close());
    // Choosing with the mouse must not take the focus away from the field.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("li") : null;
      if (item) this.#choose([...this.list.children].indexOf(item));
    });
    this.#measure();
  }

  /** @param {string} text */
  set(text) {
    this.input.value = text;
    this.close();
    this.#measure();
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#suggestions = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.#activate(-1);
  }

  get hasSuggestions() {
    return this.#suggestions.length > 0;
  }

  #submit() {
    const text = this.input.value.trim();
    this.input.focus();
    if (text === "") return;
    this.set("");
    this.send({ text });
  }

  #measure() {
    this.submit.ariaDisabled = String(!this.input.value.trim());
    if (!CSS.supports("field-sizing", "content")) {
      this.input.style.height = "auto";
      this.input.style.height = `${this.input.scrollHeight}px`;
    }
  }

  #onInput() {
    this.#measure();
    clearTimeout(this.#timer);
    this.#asked.abort();
    const typed = this.input.value.trim();
    if (typed.length < 2 || typed.length > 200 || typed.includes("\n")) this.close();
    else this.#timer = setTimeout(() => this.#suggest(typed), SUGGEST_DELAY_MS);
  }

  /** @param {string} typed */
  async #suggest(typed) {
    const { signal } = (this.#asked = new AbortController());
    /** @type {Choice[]} */
    let found = [];
    try {
      found = (await this.ask("/suggest?q=" + encodeURIComponent(typed), signal)).suggestions.slice(0, SUGGEST_MAX);
    } catch {
      // Suggestions are a comfort: without them, one can still ask.
    }
    if (signal.aborted) return;
    this.close();
    if (!found.length || !this.input.matches(":focus")) return;
    this.#suggestions = found;
    this.list.append(...found.map(({ label }, at) => el("li", { id: `s${at}`, role: "option", "aria-selected": "false" }, unbroken(label))));
    this.list.hidden = false;
    this.announce(`${found.length} ${this.texts.suggested}`);
  }

  /** @param {number} index -1 for none */
  #activate(index) {
    this.#active = index;
    [...this.list.children].forEach((item, at) => {
      item.ariaSelected = String(at === index);
      if (at === index) item.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `s${index}`);
  }

  /** @param {number} index */
  #choose(index) {
    const picked = this.#suggestions[index];
    if (!picked) return;
    this.set("");
    this.send({ text: picked.label, option: picked.id });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return;
    const count = this.#suggestions.length;
    if (count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      // From the field (-1) through the list and back to the field.
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#activate(((this.#active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (count && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (this.#active >= 0) this.#choose(this.#active);
      else this.#submit();
    }
  }
}
