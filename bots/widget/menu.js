// @ts-check
/** The actions behind the three dots. */
import { button, el } from "./dom.js";

/** @import {Conversation} from "./conversation.js" */

/**
 * @param {Conversation} conversation
 * @param {import("./more.js").AllTexts} texts
 * @param {() => void} download
 */
export function fill(conversation, texts, download) {
  const { frame, memory, options, service } = conversation;
  const act = (/** @type {string} */ label, /** @type {() => void} */ run) =>
    button("", () => {
      frame.menu(false);
      run();
    }, label);
  const sound = button("", () => {
    memory.sound = !memory.sound;
    sound.ariaPressed = String(memory.sound);
  }, texts.sound);
  sound.ariaPressed = String(memory.sound);
  const forget = button("", () => {
    if (forget.textContent !== texts.forgetSure) return (forget.textContent = texts.forgetSure);
    frame.menu(false);
    const { session } = memory;
    conversation.restart(texts.forgotten);
    // Forgotten here whatever happens; there, when the service can be reached.
    const there = session && service.ask("/conversations/" + session.id, new AbortController().signal, session, undefined, "DELETE");
    there?.catch((error) => error.isGone || conversation.fail(texts.notForgotten, null));
  }, texts.forget);
  frame.actions.replaceChildren(
    act(texts.fresh, () => conversation.restart()),
    act(texts.download, download),
    sound,
    forget,
    el("a", { href: options.base + "confidentialite", target: "_blank", rel: "noopener" }, texts.privacy),
    el("a", { href: options.base + "accessibilite", target: "_blank", rel: "noopener" }, texts.accessibility),
  );
}
