// @ts-check
/**
 * What the browser remembers of a site: the conversation, what has not left yet, what was read. Tabs share it.
 * Where storage is forbidden the conversation lives as long as the page.
 */
import { parse } from "./service.js";

export class Memory {
  /** @param {string} site */
  constructor(site) {
    this.site = site;
    /** @type {import("./types").Session | null} */
    this.session = null;
    /** @type {import("./types").Outgoing[]} */
    this.outbox = [];
    /** Number of the last message that was on the screen. */
    this.seen = 0;
    this.read();
  }

  read() {
    const kept = this.#load(this.site);
    if (typeof kept?.id === "string" && typeof kept.token === "string") {
      this.session = { id: kept.id, token: kept.token, who: kept.who };
      this.seen = Number(kept.seen) || 0;
    } else if (kept !== undefined) {
      this.session = null;
      this.seen = 0;
    }
    const out = this.#load(this.site + ":out");
    if (out !== undefined) this.outbox = Array.isArray(out) ? out.filter((item) => typeof item?.text === "string") : [];
  }

  /** Keeps the conversation and what was read of it. */
  keep() {
    this.#save(this.site, this.session && { ...this.session, seen: this.seen });
  }

  /** Whether answers of people may be heard. */
  get sound() {
    return this.#load(this.site + ":sound") === true;
  }

  set sound(on) {
    this.#save(this.site + ":sound", on);
  }

  /** @param {import("./types").Session | null} session */
  become(session) {
    this.session = session;
    this.seen = 0;
    this.keep();
    if (!session) this.#queue([]);
  }

  /** @param {import("./types").Outgoing} said */
  queue(said) {
    this.read();
    this.#queue([...this.outbox, said]);
  }

  /** @param {string} id of what has been sent */
  sent(id) {
    this.read();
    this.#queue(this.outbox.filter((said) => said.client_id !== id));
  }

  /** @param {import("./types").Outgoing[]} outbox */
  #queue(outbox) {
    this.outbox = outbox;
    this.#save(this.site + ":out", outbox.length ? outbox : null);
  }

  /** @param {string} key @returns {any} undefined when storage is forbidden */
  #load(key) {
    try {
      return parse(localStorage.getItem(key) ?? "null");
    } catch (error) {
      return error instanceof SyntaxError ? null : undefined;
    }
  }

  /** @param {string} key @param {unknown} value */
  #save(key, value) {
    try {
      if (value) localStorage.setItem(key, JSON.stringify(value));
      else localStorage.removeItem(key);
    } catch {
      // Forbidden or full: what is in this object goes on.
    }
  }
}
