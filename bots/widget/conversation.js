// @ts-check
/**
 * A conversation: what was said, what is being said, what waits for the network.
 *
 * The messages of the service, which have numbers, are the only truth. What the visitor has just written is a bubble
 * without a number until the service has told it back.
 */
import { button, el } from "./dom.js";
import { Field } from "./field.js";
import { Frame } from "./frame.js";
import { Memory } from "./memory.js";
import { Messages } from "./message.js";
import { Failure, Service, parse, sleep } from "./service.js";

/** @import {Changed, Message, Options, Outgoing, Said, Session, Texts} from "./types" */

/** How many messages are on the screen at first; the others come on demand. */
const SCREEN = 50;
/** The last ones, as the service is asked for them. */
const LAST = "?limit=" + SCREEN;
/** How many may be there: above, the first ones go back to where they came from. */
const MOST = 200;
/** How old what is known of incidents may be when the panel is opened. */
const NEWS_MS = 300_000;
/** The stream brings a reply at the same time as the request; when it does not, the messages are read. */
const STREAM_MS = 700;
const REFERENCE = /G-[0-9A-Z]{4}-[0-9A-Z]{4}/;

export class Conversation {
  /** Everything under way ends with it. */
  #scope = new AbortController();
  /** @type {Message[]} */
  messages = [];
  /** Number of the last message that came. */
  #last = 0;
  /** Messages that wait: those of a turn until it has ended, all while the past is loaded. @type {Message[] | null} */
  #held = null;
  /** Called when a reply comes by the stream. */
  #replied = () => {};
  #sending = false;
  /** Bubbles of what has no number yet, by client_id. @type {Map<string, HTMLElement>} */
  #pending = new Map();
  /** @type {HTMLElement | undefined} */
  #error;
  #pause = 1000;
  /** Before this time the service does not want to hear from us. */
  #until = 0;
  /** Place of the first message on the screen. */
  #from = 0;
  /** When incidents were asked for. */
  #news = -NEWS_MS;
  /** @type {ReturnType<typeof import("./more.js").more> | undefined} */
  #more;
  #earlier = button("choice earlier", () => this.#goBack());
  focus = () => {};

  /** @param {Options} options @param {Texts} texts */
  constructor(options, texts) {
    this.options = options;
    this.texts = texts;
    this.service = new Service(options.base, texts);
    this.memory = new Memory(options.site);
    this.frame = new Frame(options, texts, () => this.#with((more) => more.menu()));
    const announce = (/** @type {string} */ text) => this.frame.announce(text);
    this.view = new Messages(texts, (said) => this.#pick(said), announce, (act) => this.#with(act));
    this.field = new Field(texts, (said) => this.say(said), (path, signal) => this.service.ask(path, signal), announce, (files) => files.length && this.#with((more) => more.attach(files)));
    this.frame.node.append(this.field.form);
    this.#earlier.append(texts.earlier);
    this.examples = el("div", { class: "choices", role: "group", "aria-label": texts.examplesLabel });
    this.examples.append(...texts.examples.split("|").map((text) => this.view.choice(text, { text })));
    this.welcome = el("div", { class: "welcome" }, el(options.page ? "h2" : "h3", {}, texts.welcome), el("p", {}, texts.intro), this.examples);

    /** Pages that know who is there say so; the others do not load what it takes. */
    const { identity } = options.data;
    this.identity = identity === undefined ? null : import(options.base + "identity.js").then(({ Identity }) => new Identity(identity), () => null);
    this.channel = new BroadcastChannel(options.site);
    this.channel.onmessage = ({ data }) => {
      const { id, message } = parse(data);
      if (id === this.memory.session?.id) this.#receive(message);
    };
    addEventListener("storage", ({ key }) => {
      if (key !== options.site && key !== null) return;
      const before = this.memory.session?.id;
      this.memory.read();
      if (before !== this.memory.session?.id) void this.start();
      else this.look();
    });
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Shows the conversation from what is remembered: at first, and when it is another one. */
  async start() {
    this.#scope.abort();
    this.#scope = new AbortController();
    const { signal } = this.#scope;
    this.messages = [];
    this.#last = 0;
    this.#held = [];
    this.#sending = false;
    this.#pending.clear();
    this.frame.log.replaceChildren(this.welcome);
    await this.#identify(signal);
    if (signal.aborted) return;
    const { session } = this.memory;
    this.examples.hidden = session !== null;
    if (session) {
      try {
        this.#fill(await this.read(LAST));
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Failure && error.isGone) {
          this.memory.become(null);
          this.examples.hidden = false;
        } else return this.fail(this.texts.offline, () => this.start());
      }
    }
    for (const said of this.memory.outbox) this.#show(said);
    this.#release();
    if (this.memory.session) this.#follow(this.memory.session);
    this.frame.scroll();
    this.look();
    void this.#flush();
  }

  /** Everything under way ends with it. */
  get signal() {
    return this.#scope.signal;
  }

  /** What is rarely needed is loaded when it is. @param {(more: Awaited<ReturnType<typeof import("./more.js").more>>) => void} act */
  #with(act) {
    this.#more ??= import(this.options.base + "more.js").then(({ more }) => more(this));
    this.#more.then(act, () => {
      this.#more = undefined;
      this.frame.announce(this.texts.offline);
    });
  }

  /** Shows what is broken. */
  async news() {
    if (performance.now() - this.#news < NEWS_MS) return;
    this.#news = performance.now();
    const asked = await this.service.ask("/incidents", new AbortController().signal).catch(() => null);
    if (asked && (asked.incidents.length || this.frame.banner.firstChild)) this.#with((more) => more.banners(asked.incidents));
  }

  /**
   * Says whose conversation this is, when the page knows. The conversation of somebody else is not shown.
   * @param {AbortSignal} signal
   */
  async #identify(signal) {
    const { memory } = this;
    if (!memory.session) return;
    const known = (await this.identity)?.sign(memory, this.service, signal);
    if ((await known) ?? !memory.session.who) return;
    this.messages = [];
    this.frame.log.replaceChildren(this.welcome);
    memory.become(null);
  }

  /** What is on the screen has been read. */
  look() {
    const { memory, options, frame } = this;
    if (frame.open) void this.news();
    if (frame.open && !document.hidden && this.#last > memory.seen && memory.session) {
      memory.seen = this.#last;
      memory.keep();
    }
    const count = this.messages.filter(({ number, author }) => number > memory.seen && author !== "visitor").length;
    options.unread(count);
    if (options.page) document.title = (count ? `(${count}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  }

  // ---------------------------------------------------------------- what comes

  /** @param {Message[]} messages */
  #fill(messages) {
    this.messages = messages;
    this.#last = messages.at(-1)?.number ?? 0;
    this.examples.hidden = messages.length > 0;
    this.#from = messages.length;
    this.frame.log.append(this.#earlier);
    this.#showEarlier();
    if (messages.at(-1)?.author === "visitor") return;
    this.#endSteps([...this.frame.log.querySelectorAll("[data-step]")].slice(0, -1));
    if (!messages.at(-1)?.reply?.options?.length) this.#endSteps();
  }

  /** Shows what was said before; the service is asked for what has not come yet. */
  async #goBack() {
    const { signal } = this;
    const [first] = this.messages;
    if (this.#from === 0 && first) {
      const before = await this.read(`?before=${first.number}&limit=${SCREEN}`).catch(() => this.frame.announce(this.texts.offline));
      // Another conversation, or the button was pressed twice.
      if (!before || signal.aborted || first !== this.messages[0]) return;
      this.messages.unshift(...before);
      this.#from = before.length;
    }
    this.#showEarlier();
  }

  #showEarlier() {
    const until = this.#from;
    this.#from = Math.max(0, until - SCREEN);
    this.#earlier.after(...this.messages.slice(this.#from, until).map((message) => this.view.bubble(message)));
    this.#earlier.hidden = this.#from === 0 && !((this.messages[0]?.number ?? 0) > 1);
  }

  /** A conversation of days does not fill the page: what has left the screen long ago is asked for again. */
  #trim() {
    const shown = this.frame.log.querySelectorAll(":scope > [data-author]");
    if (shown.length <= MOST) return;
    for (const old of [...shown].slice(0, shown.length - MOST / 2)) old.remove();
    this.#from += shown.length - MOST / 2;
    if (!this.#earlier.isConnected) this.welcome.after(this.#earlier);
    this.#earlier.hidden = false;
  }

  /** @param {Session} session */
  #follow(session) {
    const { signal } = this.#scope;
    const follow = () =>
      this.service.follow(
        session,
        () => this.#last,
        (message) => {
          this.#receive(message);
          this.channel.postMessage(JSON.stringify({ id: session.id, message }));
        },
        // What failed for another reason than the network waits for the visitor.
        (isLive) => isLive && !this.#error?.isConnected && void this.#flush(),
        signal,
      );
    // One tab listens for all: a browser opens six streams to a server, people open more tabs.
    if (navigator.locks) navigator.locks.request("guichet:" + session.id, { signal }, follow).catch(() => {});
    else void follow();
  }

  /** @param {Message & Partial<Changed>} message */
  #receive(message) {
    // What has no number is no message: who is there, and what has changed.
    if (!message.number) return this.#with((more) => more.hear(message));
    if (message.number <= this.#last) return;
    this.#last = message.number;
    if (!this.#held || message.author === "agent" || message.author === "ticket") return this.#add(message);
    this.#held.push(message);
    if (message.author === "assistant") this.#replied();
  }

  /** @param {Message} message @param {HTMLElement} [bubble] that shows it already */
  #add(message, bubble) {
    const { log } = this.frame;
    const own = message.author === "visitor";
    const said = own && !bubble && this.memory.outbox.find(({ text }) => text === message.text);
    if (said) {
      // It left before the network broke, or from another tab.
      bubble = this.#pending.get(said.client_id);
      this.#sent(said);
    }
    this.messages.push(message);
    this.examples.hidden = true;
    if (own) this.#endSteps();
    const node = this.view.bubble(message);
    if (bubble?.isConnected) bubble.replaceWith(node);
    else log.append(node);
    if (!own) {
      this.frame.announce((node.querySelector(".name")?.textContent ?? "") + this.view.plain(message));
      this.frame.scroll([...log.querySelectorAll(".visitor")].at(-1));
      this.#tell(message);
      this.#trim();
      if (message.author === "agent" && this.memory.sound) this.#with((more) => more.chime());
    }
    this.look();
  }

  /** Tells the host page. @param {Message} message */
  #tell({ reply, ticket, status }) {
    const { emit } = this.options;
    if (ticket && status) emit("ticket", { reference: ticket, status });
    if (!reply) return;
    const sources = reply.sources ?? [];
    emit("answer", { decision: reply.decision, sources: sources.map(({ id }) => id) });
    const reference = sources.some(({ id }) => id === "escalation/created") && REFERENCE.exec(JSON.stringify(reply.blocks));
    if (reference) emit("ticket", { reference: reference[0], status: "new" });
  }

  /** Steps of a dialogue that has gone on cannot be chosen any more. @param {Iterable<Element>} [steps] */
  #endSteps(steps = this.frame.log.querySelectorAll("[data-step]")) {
    for (const step of steps) step.remove();
  }

  #release() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const message of held) this.#add(message);
  }

  // ---------------------------------------------------------------- what goes

  /** @param {Said} said */
  #pick(said) {
    if (this.#sending) return;
    this.say(said);
    this.focus();
  }

  /** @param {Said} said */
  say(said) {
    const client_id = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
    const outgoing = { ...said, client_id };
    this.memory.queue(outgoing);
    this.#show(outgoing);
    this.frame.scroll();
    void this.#flush();
    // A button that was chosen may be gone; what comes next is typed.
    if (said.option) this.focus();
  }

  /** @param {Outgoing} said */
  #show(said) {
    this.examples.hidden = true;
    const bubble = this.view.bubble({ id: "", number: 0, author: "visitor", text: said.text, sent_at: 0 });
    this.#pending.set(said.client_id, bubble);
    this.frame.log.append(bubble);
  }

  /** @param {Outgoing} said */
  #sent(said) {
    this.#pending.delete(said.client_id);
    this.memory.sent(said.client_id);
  }

  /** Sends what waits, one after the other. */
  async #flush() {
    if (this.#sending || this.#held || performance.now() < this.#until) return;
    const { signal } = this.#scope;
    this.#sending = true;
    for (let said; (said = this.memory.outbox[0]); ) if (!(await this.#deliver(said, signal))) break;
    if (!signal.aborted) this.#sending = false;
  }

  /** @param {Outgoing} said @param {AbortSignal} signal @returns {Promise<boolean>} whether the next one may follow */
  async #deliver(said, signal) {
    const { log } = this.frame;
    if (!this.#pending.has(said.client_id)) this.#show(said);
    const bubble = this.#pending.get(said.client_id);
    this.#error?.remove();
    bubble?.querySelector(".note")?.remove();
    const dots = el("div", { class: "message assistant dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    log.append(dots);
    this.frame.scroll();
    const slow = setTimeout(() => this.frame.announce(this.texts.pending), 2000);
    this.#held = [];
    /** @type {Failure | undefined} */
    let failure;
    try {
      await this.#post(said, signal);
      this.#pause = 1000;
    } catch (error) {
      // A request may fail after its message has arrived.
      const arrived = this.#held?.some(({ author, text }) => author === "visitor" && text === said.text);
      if (!arrived) failure = error instanceof Failure ? error : new Failure(500, this.texts.failed);
    }
    clearTimeout(slow);
    if (signal.aborted) return false;
    dots.remove();
    const held = this.#held ?? [];
    this.#held = null;
    if (!failure || failure.isFinal) this.#sent(said);
    // What was masked comes back with another text: then it is the last that the visitor said.
    const visitors = held.filter(({ author }) => author === "visitor");
    const mine = failure ? undefined : (visitors.findLast(({ text }) => text === said.text) ?? visitors.at(-1));
    if (!failure && !mine) bubble?.remove();
    for (const message of held) this.#add(message, message === mine ? bubble : undefined);
    if (!failure) return true;
    if (failure.wait) {
      this.#pause = failure.wait * 1000;
      // A timer may be early by a moment.
      this.#until = performance.now() + this.#pause - 50;
    }
    if (failure.status && !failure.wait) this.fail(failure.message, failure.isFinal ? null : () => this.#flush());
    else this.#wait(bubble, failure.wait ? failure.message : this.texts.waiting, signal);
    return failure.isFinal;
  }

  /** @param {HTMLElement | undefined} bubble @param {string} why @param {AbortSignal} signal */
  #wait(bubble, why, signal) {
    bubble?.append(el("p", { class: "note" }, why));
    this.frame.announce(why);
    void sleep(this.#pause, signal).then(() => (signal.aborted ? undefined : this.#flush()));
    this.#pause = Math.min(this.#pause * 2, 30_000);
  }

  /** @param {Outgoing} said @param {AbortSignal} signal */
  async #post(said, signal) {
    const { memory, service } = this;
    const post = async (/** @type {Session} */ session) => {
      const streamed = new Promise((resolve) => (this.#replied = () => resolve(undefined)));
      await service.ask(`/conversations/${session.id}/messages`, signal, session, said);
      await Promise.race([streamed, sleep(STREAM_MS, signal)]);
      signal.throwIfAborted();
      if (!this.#held?.some(({ author }) => author === "assistant")) await this.catchUp();
    };
    await this.#identify(signal);
    if (memory.session) {
      try {
        return await post(memory.session);
      } catch (error) {
        if (!(error instanceof Failure && error.isGone)) throw error;
      }
    }
    // The first message, or the service has forgotten the conversation: another one takes it up, silently.
    memory.session = null;
    return post(await this.session());
  }

  /** The conversation, opened when there is none. @returns {Promise<Session>} */
  async session() {
    const { memory, service, signal } = this;
    if (memory.session) return memory.session;
    const open = (/** @type {object} */ body) => service.ask("/conversations", signal, null, body);
    const identity = await this.identity;
    const { id, token, who } = await (identity ? identity.open(open) : open({}));
    memory.session = { id, token, who };
    memory.seen = this.#last = 0;
    memory.keep();
    this.#follow(memory.session);
    return memory.session;
  }

  /** Reads what the stream has not brought. */
  async catchUp() {
    for (const message of await this.read(LAST)) this.#receive(message);
  }

  /** Messages of the conversation. @param {string} page which ones, all when it is empty @returns {Promise<Message[]>} */
  async read(page) {
    const { session } = this.memory;
    return session ? (await this.service.ask(`/conversations/${session.id}/messages${page}`, this.signal, session)).messages : [];
  }

  /** @param {string} sentence @param {(() => void) | null} again */
  fail(sentence, again) {
    const box = (this.#error = el("div", { class: "message error" }, el("p", {}, sentence)));
    if (again) {
      box.append(
        button("choice", () => {
          box.remove();
          again();
          this.focus();
        }, this.texts.retry),
      );
    }
    this.frame.log.append(box);
    this.frame.announce(sentence);
    this.frame.scroll();
  }

  // ---------------------------------------------------------------- actions

  /** @param {string} [said] */
  restart(said) {
    this.memory.become(null);
    this.field.set("");
    void this.start();
    this.focus();
    if (said) this.frame.announce(said);
  }

  /** The page knows somebody else now, or nobody. */
  async identify() {
    (await this.identity)?.expire();
    void this.start();
  }
}
