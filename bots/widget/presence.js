// @ts-check
/** Who of the staff is there, who writes, and whether what was said is still what it was. */
import { el } from "./dom.js";

/** @import {Conversation} from "./conversation.js" */
/** @import {Changed, Message} from "./types" */

/** How often the person who answers is told that the visitor writes. */
const WRITES_MS = 3000;
/** When to try again what could not be read. */
const AGAIN_MS = 3000;
/** How many messages are read again: more than the screen holds. */
const LAST = 500;

export class Presence {
  /** @type {AbortSignal | undefined} */
  #signal;
  #changes = 0;
  /** @type {string | null | undefined} */
  #agent;
  #told = -WRITES_MS;

  /** @param {Conversation} conversation @param {import("./more.js").AllTexts} texts */
  constructor(conversation, texts) {
    this.conversation = conversation;
    this.texts = texts;
    /** Beside the log: what is said there goes on below it, and screen readers hear it once. */
    this.sign = el("p", { class: "writes", hidden: "" });
    conversation.frame.log.after(this.sign);
    conversation.field.input.addEventListener("input", () => this.#tell());
  }

  /** @param {Partial<Changed>} changed */
  hear({ changes = 0, agent, writing = false }) {
    const { conversation, sign } = this;
    const { signal } = conversation;
    if (signal !== this.#signal) {
      this.#signal = signal;
      // Another conversation begins with nobody.
      signal.addEventListener("abort", () => {
        this.#changes = 0;
        this.#agent = null;
        sign.hidden = true;
      });
    }
    if (changes !== this.#changes) void this.#readAgain(signal);
    this.#changes = changes;
    this.#agent = agent;
    if (writing && sign.hidden) {
      sign.textContent = `${agent} ${this.texts.writes}`;
      conversation.frame.announce(sign.textContent);
    }
    sign.hidden = !writing;
  }

  /** Says that the visitor writes, not what. */
  #tell() {
    const { conversation } = this;
    const { session } = conversation.memory;
    if (!this.#agent || !session || !conversation.field.input.value || performance.now() - this.#told < WRITES_MS) return;
    this.#told = performance.now();
    conversation.service.ask(`/conversations/${session.id}/writing`, conversation.signal, session, undefined, "PUT").catch(() => {});
  }

  /** Shows again what is another message now. @param {AbortSignal} signal */
  async #readAgain(signal) {
    const { conversation } = this;
    while (!signal.aborted) {
      try {
        const messages = await conversation.read("?limit=" + LAST);
        if (!signal.aborted) for (const message of messages) this.#renew(message);
        return;
      } catch (/** @type {any} */ error) {
        // It was forgotten elsewhere.
        if (error.isGone) return void conversation.start();
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  /** @param {Message} message */
  #renew(message) {
    const { messages, frame, view, focus } = this.conversation;
    const at = messages.findIndex(({ number }) => number === message.number);
    const before = messages[at];
    if (!before || JSON.stringify(before.reply) === JSON.stringify(message.reply)) return;
    messages[at] = message;
    const bubble = frame.log.querySelector(`#${CSS.escape(message.id)}`);
    const hadFocus = bubble?.matches(":focus-within");
    bubble?.replaceWith(view.bubble(message));
    if (hadFocus) focus();
  }
}
