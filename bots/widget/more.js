// @ts-check
/** What a conversation rarely needs, loaded when it does: votes, files, the form, the transcript, the sound. */
import { attach } from "./attach.js";
import { banners } from "./banner.js";
import { button, el } from "./dom.js";
import { judge } from "./judge.js";
import { fill } from "./menu.js";
import { Presence } from "./presence.js";
import { parse } from "./service.js";
import { frenchMore } from "./texts.more.js";
import { ticket } from "./ticket.js";

/** @import {Conversation} from "./conversation.js" */
/** @import {Message, Texts} from "./types" */
/** @typedef {Texts & typeof frenchMore} AllTexts */

/** @param {Conversation} conversation */
export async function more(conversation) {
  const { options, frame } = conversation;
  const own = options.lang === "en" ? (await import("./texts.en.more.js")).default : frenchMore;
  const style = el("link", { rel: "stylesheet", href: options.base + "more.css" });
  await new Promise((resolve) => {
    // Without its looks it still works.
    style.onload = style.onerror = resolve;
    frame.node.before(style);
  });
  return new More(conversation, { ...conversation.texts, ...options.texts(own) });
}

/** Has the browser save it. @param {Blob} content @param {string} name */
function keep(content, name) {
  const link = el("a", { download: name, href: URL.createObjectURL(content) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

class More {
  /** @param {Conversation} conversation @param {AllTexts} texts */
  constructor(conversation, texts) {
    this.conversation = conversation;
    this.texts = texts;
    this.presence = new Presence(conversation, texts);
  }

  /** @param {Partial<import("./types").Changed>} changed */
  hear(changed) {
    this.presence.hear(changed);
  }

  /** @param {Message} message @param {boolean} helpful @param {HTMLElement} group */
  judge(message, helpful, group) {
    void judge(this.conversation, this.texts, message, helpful, group);
  }

  /** @param {File[]} files */
  attach(files) {
    void attach(this.conversation, this.texts, files);
  }

  /** @param {{title: string, text: string}[]} incidents */
  banners(incidents) {
    this.conversation.frame.banner.replaceChildren(...banners(incidents, this.texts.incident));
  }

  /** What comes with an agent's answer. A link of its own would need the token in its address. @param {Message} message @param {HTMLElement} node */
  files({ files = [] }, node) {
    const { conversation, texts } = this;
    for (const { id, name, bytes } of files) {
      const label = `${texts.file} ${name} (${(bytes / 1e6).toLocaleString(texts.locale)} ${texts.megabytes})`;
      node.append(button("choice", () => void this.save(id, name), label));
    }
    conversation.frame.scroll();
  }

  /** @param {string} id @param {string} name */
  async save(id, name) {
    const { conversation, texts } = this;
    try {
      const session = await conversation.session();
      const headers = { Authorization: "Bearer " + session.token };
      const answer = await fetch(`${conversation.service.api}/conversations/${session.id}/attachments/${id}`, { headers, signal: conversation.signal });
      if (!answer.ok) throw new Error(texts.offline);
      keep(await answer.blob(), name);
    } catch (error) {
      conversation.fail(error instanceof Error ? error.message : texts.offline, null);
    }
  }

  menu() {
    const { frame } = this.conversation;
    if (frame.actions.hidden) fill(this.conversation, this.texts, () => this.download());
    frame.menu(frame.actions.hidden);
  }

  ticket() {
    ticket(this.conversation, this.texts);
  }

  async download() {
    const { conversation, texts } = this;
    const { options, view } = conversation;
    // All of it; without a network, what has come.
    const messages = await conversation.read("").catch(() => conversation.messages);
    // As text, an image is what it shows and where it is.
    const addressed = JSON.stringify(messages, (_, part) =>
      Object.hasOwn(Object(part), "image") ? { ...part, image: undefined, href: new URL(part.image.src, options.base).href } : part,
    );
    const lines = parse(addressed).map((/** @type {Message} */ message) => {
      const who = { visitor: texts.you, assistant: texts.title, agent: `${message.name} (${texts.support})`, ticket: texts.title }[message.author];
      const sources = message.reply ? view.sources(message.reply).map((line) => `(${line})\n`) : [];
      return `[${new Date(message.sent_at).toLocaleString(options.lang)}] ${who}\n${view.plain(message)}\n${sources.join("")}`;
    });
    keep(new Blob(["\ufeff" + lines.join("\n")], { type: "text/plain" }), "guichet.txt");
  }

  /** Two short notes: no file to load. */
  chime() {
    const audio = new AudioContext();
    const volume = audio.createGain();
    volume.gain.setValueAtTime(0.06, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5);
    volume.connect(audio.destination);
    [660, 880].forEach((pitch, at) => {
      const note = audio.createOscillator();
      note.frequency.value = pitch;
      note.connect(volume);
      note.start(audio.currentTime + at * 0.12);
      note.stop(audio.currentTime + 0.5);
      note.onended = () => at && audio.close();
    });
  }
}
