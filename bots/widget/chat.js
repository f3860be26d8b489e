// @ts-check
/** The chat: one conversation in its frame. Loaded by `guichet.js` when it is first opened. */
import { Conversation } from "./conversation.js";
import { el, unbroken } from "./dom.js";
import { french } from "./texts.js";

/**
 * @param {ShadowRoot} root
 * @param {import("./types").Host} host
 * @param {string} base
 * @returns {Promise<import("./types").Panel>}
 */
export async function mount(root, host, base) {
  const { lang, data } = host;
  const page = data.page !== undefined;
  /** Sentences, as the host page wants them. @template {Record<string, string>} T @param {T} own @returns {T} */
  const worded = (own) =>
    /** @type {T} */ (Object.fromEntries(Object.entries(own).map(([name, text]) => [name, unbroken(data["text" + name[0]?.toUpperCase() + name.slice(1)] ?? text)])));
  const texts = worded(lang === "en" ? (await import("./texts.en.js")).default : french);
  const options = { base, site: host.site, lang, data, page, texts: worded, emit: host.emit.bind(host), unread: host.unread.bind(host) };
  const conversation = new Conversation(options, texts);
  const { frame, field } = conversation;
  const style = el("link", { rel: "stylesheet", href: base + "chat.css" });
  await new Promise((resolve, reject) => {
    style.onload = resolve;
    style.onerror = reject;
    root.append(style);
  });
  root.append(frame.node);

  const focus = () => {
    // A field that is focused raises the keyboard of a phone over what it answers.
    const isTouch = matchMedia("(hover: none) and (pointer: coarse)").matches;
    (isTouch ? frame.log : field.input).focus({ preventScroll: true });
  };
  conversation.focus = focus;
  void conversation.start();
  return {
    show() {
      frame.show();
      focus();
      conversation.look();
    },
    hide: () => frame.hide(),
    identify: () => void conversation.identify(),
    get open() {
      return !page && frame.open;
    },
  };
}
