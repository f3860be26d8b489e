// @ts-check
/** One message, as a bubble and as plain text. What others wrote reaches the page as text nodes only. */
import { button, el, hidden, icon, unbroken } from "./dom.js";

/** @import {Block, Message, Reply, Said, Span, Texts} from "./types" */

const SHEET = "M7 3.5h7l4 4v13H7zM14 3.5v4h4M10 12h5M10 16h5";
const SHEETS = "M9 9h11v11H9zM5 15H4V4h11v1";
const CHECK = "M5 13l5 5 9-11";
const MAX_DEPTH = 6;
/** References of requests, and addresses in what an agent wrote. */
const TICKET = /\b(G-[0-9A-Z]{4}-[0-9A-Z]{4})\b/;
const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}»])/;

export class Messages {
  /**
   * @param {Texts} texts
   * @param {(said: Said) => void} pick
   * @param {(text: string) => void} announce
   * @param {(act: (more: Awaited<ReturnType<typeof import("./more.js").more>>) => void) => void} more what is loaded when it is needed
   */
  constructor(texts, pick, announce, more) {
    this.texts = texts;
    this.pick = pick;
    this.announce = announce;
    this.more = more;
  }

  /** @param {Message} message */
  bubble(message) {
    const { author, id, reply } = message;
    if (author === "ticket") return el("p", { class: "notice", "data-author": author }, icon(CHECK), el("span", {}, ...this.#linked(this.status(message), false)));
    const node = el("div", { class: "message " + author, "data-author": author, id });
    if (author === "assistant" && reply) {
      node.dataset.decision = String(reply.decision);
      node.append(hidden(this.texts.title + " : "), this.#body(reply.blocks), ...this.#after(message, reply));
      return node;
    }
    const name = author === "agent" ? `${message.name ?? ""} (${this.texts.support})` : this.texts.you;
    node.append(author === "agent" ? el("p", { class: "name" }, name, hidden(" : ")) : hidden(name + " : "));
    node.append(el("p", { class: "text" }, ...this.#linked(message.text ?? "", author === "agent")));
    if (message.files) this.more((more) => more.files(message, node));
    return node;
  }

  /** Where a request stands, as a sentence. @param {Message} message */
  status({ ticket, status }) {
    const { texts } = this;
    const standing = status === "pending" ? texts.pendingTicket : (/** @type {Record<string, string>} */ (texts)[status ?? ""] ?? texts.closed);
    return `${texts.request} ${ticket} ${standing}.`;
  }

  /** @param {string} label @param {Said} said */
  choice(label, said) {
    return button("choice", () => this.pick(said), unbroken(label));
  }

  /**
   * A message without its looks, for screen readers and the transcript.
   * @param {Message} message
   */
  plain(message) {
    if (message.author === "ticket") return this.status(message);
    return message.reply ? plainText(message.reply.blocks, "") : (message.text ?? "");
  }

  /** @param {Block[]} blocks */
  #body(blocks) {
    const body = el("div", { class: "body" });
    this.#blocks(body, blocks, 0);
    return body;
  }

  /** @param {Message} message @param {Reply} reply */
  #after(message, reply) {
    const { texts } = this;
    const nodes = [];
    const options = reply.options ?? [];
    if (options.length) {
      const label = reply.decision === "answer" ? texts.next : texts.choices;
      const group = el("div", { class: "choices", role: "group", "aria-label": label });
      // A step of a dialogue can be chosen while it is the last thing said; an entry, always.
      if (options.some(({ id }) => id.startsWith("do:"))) group.dataset.step = "";
      if (reply.decision === "answer") group.append(el("p", { class: "next" }, label));
      group.append(...options.map(({ id, label }) => this.choice(label, { text: label, option: id })));
      // What the dialogue asks for can also be filled in at once.
      const ids = options.map(({ id }) => id);
      if (ids.includes("do:cancel") && !ids.includes("do:confirm")) group.append(button("choice", () => this.more((more) => more.ticket()), texts.form));
      nodes.push(group);
    }
    const lines = this.sources(reply).map((line) => el("p", {}, icon(SHEET), el("span", {}, line)));
    if (lines.length) nodes.push(el("div", { class: "sources" }, ...lines));
    if (/^(answer|lookup)$/.test(reply.decision)) nodes.push(this.#vote(message));
    return nodes;
  }

  /** Where an answer comes from, one line each. @param {Reply} reply */
  sources({ sources = [] }) {
    const { texts } = this;
    const lines = sources
      .filter(({ kind }) => kind === "entry")
      .map(({ id, label, updated_at }) => `${texts.source} : ${label ?? id}${updated_at ? `, ${texts.updated} ${this.#date(updated_at)}` : ""}`);
    // The oldest reading: nothing that is shown is older.
    const read = Math.min(...sources.flatMap(({ read_at }) => read_at ?? []));
    if (read < Infinity) {
      const isToday = new Date(read).toDateString() === new Date().toDateString();
      lines.push(`${texts.read} ${isToday ? "" : `${texts.on} ${this.#date(read)} `}${texts.at} ${this.#time(read)}`);
    }
    return [...new Set(lines)].map(unbroken);
  }

  /** @param {number} at */
  #date(at) {
    const day = new Date(at).toLocaleDateString(this.texts.locale, { day: "numeric", month: "long", year: "numeric" });
    // French says « 1er mars », browsers do not.
    return day.replace(/^1 /, "1er ");
  }

  /** @param {number} at */
  #time(at) {
    // French writes 14 h 02.
    return new Date(at).toLocaleTimeString(this.texts.locale, { hour: "numeric", minute: "2-digit" }).replace(":", this.texts.hour);
  }

  /** @param {Message} message */
  #vote(message) {
    const { texts } = this;
    const group = el("div", { class: "vote", role: "group", "aria-label": texts.helpful }, el("span", {}, texts.helpful));
    for (const helpful of [true, false]) {
      const vote = button("choice", () => this.more((more) => more.judge(message, helpful, group)), helpful ? texts.yes : texts.no);
      vote.ariaPressed = String(message.helpful === helpful);
      group.append(vote);
    }
    return group;
  }

  /** @param {HTMLElement} parent @param {Block[] | undefined} blocks @param {number} depth */
  #blocks(parent, blocks, depth) {
    if (depth > MAX_DEPTH) return;
    for (const block of blocks ?? []) {
      if (block.type === "paragraph") parent.append(el("p", {}, ...block.spans.flatMap((span) => this.#span(span))));
      if (block.type !== "list") continue;
      const list = el(block.ordered ? "ol" : "ul");
      for (const item of block.items) this.#blocks(list.appendChild(el("li")), item, depth + 1);
      parent.append(list);
    }
  }

  /** @param {Span} span @returns {(Node | string)[]} */
  #span(span) {
    const { text, code, entry, href, image } = span;
    if (image) {
      const { width, height } = image;
      const src = new URL(image.src, import.meta.url).href;
      // Its place is known before it comes; a page that forbids it still says what it shows.
      const img = el("img", { loading: "lazy", alt: text, width, height, src });
      img.onerror = () => img.replaceWith(text);
      return [this.#link(src, [img])];
    }
    /** @type {(Node | string)[]} */
    let nodes = code ? [el("code", {}, text)] : entry || href ? [unbroken(text)] : this.#linked(text, false);
    if (span.em) nodes = [el("em", {}, ...nodes)];
    if (span.strong) nodes = [el("strong", {}, ...nodes)];
    if (entry) return [button("link", () => this.pick({ text, option: entry }), ...nodes)];
    if (href) return [this.#link(href, nodes)];
    if (code) nodes.push(this.#copy(text));
    return nodes;
  }

  /** Text whose references can be copied, and whose addresses lead somewhere. @param {string} text @param {boolean} withLinks */
  #linked(text, withLinks) {
    /** @type {(Node | string)[][]} */
    const parts = unbroken(text)
      .split(withLinks ? ADDRESS : TICKET)
      .map((part, at) => (at % 2 === 0 ? [part] : withLinks ? [this.#link(part, [part])] : [el("b", {}, part), this.#copy(part)]));
    return parts.flat();
  }

  /** @param {string} href @param {(Node | string)[]} nodes */
  #link(href, nodes) {
    const scheme = URL.canParse(href) ? new URL(href).protocol : "";
    if (!/^(https?|mailto|tel):$/.test(scheme)) return el("span", {}, ...nodes);
    const link = el("a", { href }, ...nodes);
    if (scheme.startsWith("http")) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      link.append(hidden(` ${this.texts.newTab}`));
    }
    return link;
  }

  /** @param {string} text */
  #copy(text) {
    const node = button(
      "copy",
      async () => {
        await navigator.clipboard.writeText(text);
        node.replaceChildren(icon(CHECK));
        this.announce(this.texts.copied);
        setTimeout(() => node.replaceChildren(icon(SHEETS)), 2000);
      },
      icon(SHEETS),
    );
    node.title = node.ariaLabel = `${this.texts.copy} ${text}`;
    return node;
  }
}

/** @param {Block[]} blocks @param {string} indent @returns {string} */
function plainText(blocks, indent) {
  return blocks
    .map((block) =>
      block.type === "paragraph"
        ? block.spans.map(({ text, href }) => (href && href !== text ? `${text} (${href})` : text)).join("")
        : block.items.map((item, at) => `${indent}${block.ordered ? `${at + 1}.` : "-"} ${plainText(item, indent + "  ").trimStart()}`).join("\n"),
    )
    .join("\n");
}
