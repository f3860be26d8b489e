// @ts-check
/** Files: sent with their progress, shown as small pictures, kept by the service until a request takes them. */
import { button, el } from "./dom.js";
import { parse } from "./service.js";

/** @import {Conversation} from "./conversation.js" */

const PREVIEW = 160;

/**
 * @param {Conversation} conversation
 * @param {import("./more.js").AllTexts} texts
 * @param {File[]} files
 */
export async function attach(conversation, texts, files) {
  const { service } = conversation;
  let session, limits;
  try {
    session = await conversation.session();
    limits = await service.ask(`/conversations/${session.id}/attachments`, conversation.signal, session);
  } catch (error) {
    return conversation.fail(error instanceof Error ? error.message : texts.offline, null);
  }
  let free = limits.max_files - limits.attachments.length;
  for (const file of files) {
    const card = new Card(conversation, texts, file);
    if (file.size > limits.max_bytes) card.refuse(`${texts.tooLarge} ${(limits.max_bytes / 1e6).toLocaleString(texts.locale)} ${texts.megabytes}`);
    else if (free <= 0) card.refuse(`${texts.tooMany} ${limits.max_files}`);
    else if (await card.send(session)) free -= 1;
  }
}

class Card {
  /** @param {Conversation} conversation @param {import("./more.js").AllTexts} texts @param {File} file */
  constructor(conversation, texts, file) {
    this.conversation = conversation;
    this.texts = texts;
    this.file = file;
    this.state = el("span", { class: "state" }, texts.sending);
    this.bar = el("progress", { max: "1", value: "0", "aria-label": `${texts.file} ${file.name}` });
    this.node = el("div", { class: "message file", role: "group", "aria-label": `${texts.file} ${file.name}` }, el("p", { class: "text" }, el("b", {}, file.name), " – ", this.state), this.bar);
    if (file.type.startsWith("image/")) void this.#preview();
    conversation.examples.hidden = true;
    conversation.frame.log.append(this.node);
    conversation.frame.scroll();
  }

  /** A canvas and not an image: policies of host pages forbid images of unknown origin. */
  async #preview() {
    try {
      const picture = await createImageBitmap(this.file);
      const scale = Math.min(1, PREVIEW / Math.max(picture.width, picture.height));
      const canvas = el("canvas", { width: String(Math.ceil(picture.width * scale)), height: String(Math.ceil(picture.height * scale)), "aria-hidden": "true" });
      canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
      this.node.prepend(canvas);
      this.conversation.frame.scroll();
    } catch {
      // No picture that this browser can read.
    }
  }

  /** @param {string} why */
  refuse(why) {
    this.bar.remove();
    this.node.classList.add("error");
    this.#say(why);
  }

  /** @param {string} state */
  #say(state) {
    this.state.textContent = state;
    this.conversation.frame.announce(`${this.texts.file} ${this.file.name} : ${state}`);
  }

  /** @param {import("./types").Session} session @returns {Promise<boolean>} whether it has arrived */
  send(session) {
    const { file, texts, bar, conversation } = this;
    const path = `/conversations/${session.id}/attachments`;
    return new Promise((resolve) => {
      // fetch does not tell how far a body has gone.
      const request = new XMLHttpRequest();
      const { signal } = conversation;
      const stop = () => request.abort();
      const cancel = button("choice", stop, texts.cancel);
      this.node.append(cancel);
      signal.addEventListener("abort", stop);
      request.open("POST", `${conversation.service.api}${path}?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("Authorization", "Bearer " + session.token);
      request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      request.upload.onprogress = ({ loaded, total }) => (bar.value = loaded / total);
      request.onloadend = () => {
        signal.removeEventListener("abort", stop);
        cancel.remove();
        bar.remove();
        if (request.status === 201) {
          const { id } = parse(request.responseText);
          this.#kept(session, `${path}/${id}`);
          return resolve(true);
        }
        let problem;
        try {
          problem = parse(request.responseText);
        } catch {
          // Interrupted, or the error page of a proxy.
        }
        this.refuse(problem?.detail ?? problem?.title ?? texts.offline);
        resolve(false);
      };
      request.send(file);
    });
  }

  /** @param {import("./types").Session} session @param {string} path */
  #kept(session, path) {
    const { texts, conversation } = this;
    this.#say(texts.waits);
    const write = conversation.view.choice(texts.human, { text: texts.human, option: "do:ticket" });
    const remove = button(
      "choice",
      async () => {
        try {
          await conversation.service.ask(path, conversation.signal, session, undefined, "DELETE");
        } catch {
          // A request has it by now: it cannot be taken back.
          return remove.remove();
        }
        choices.remove();
        this.#say(texts.removed);
        conversation.focus();
      },
      texts.remove,
    );
    const choices = el("div", { class: "choices" }, write, remove);
    this.node.append(choices);
    conversation.frame.scroll();
  }
}
