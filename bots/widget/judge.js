// @ts-check
/** "Does this answer help?": the vote, the reason of a no, and where a no leads. */
import { button, el } from "./dom.js";

/** @import {Conversation} from "./conversation.js" */
/** @import {Message} from "./types" */

/**
 * @param {Conversation} conversation
 * @param {import("./more.js").AllTexts} texts
 * @param {Message} message
 * @param {boolean} helpful
 * @param {HTMLElement} group
 */
export async function judge(conversation, texts, message, helpful, group) {
  const { frame, memory, service, signal } = conversation;
  const { session } = memory;
  if (!session) return;
  const send = (/** @type {string} */ reason) =>
    service.ask(`/conversations/${session.id}/feedback`, signal, session, { message_id: message.id, helpful, ...(reason && { reason }) });
  try {
    await send("");
  } catch (error) {
    return frame.announce(error instanceof Error ? error.message : texts.failed);
  }
  message.helpful = helpful;
  [...group.querySelectorAll(".choice")].forEach((vote, at) => (vote.ariaPressed = String(helpful === (at === 0))));
  group.nextElementSibling?.remove();
  frame.announce(texts.thanks);
  const said = el("p", { class: "note" }, texts.thanks);
  if (helpful) return group.after(said);

  const done = (/** @type {string} */ reason) => {
    if (reason) void send(reason).catch(() => {});
    form.replaceWith(said);
    // What comes next: other entries, then a person. After an answer that is long past, nothing.
    if (conversation.messages.at(-1) === message) conversation.say({ text: texts.notHelpful });
    conversation.focus();
  };
  const other = el("input", { class: "line", "aria-label": texts.reason, placeholder: texts.reason, maxlength: "1000", autocomplete: "off" });
  const form = el(
    "form",
    { class: "why", "aria-label": texts.why },
    el("p", { class: "next" }, texts.why),
    ...texts.reasons.split("|").map((reason) => button("choice", () => done(reason), reason)),
    el("p", { class: "other" }, other, el("button", { class: "choice" }, texts.send), button("choice", () => done(""), texts.skip)),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    done(other.value.trim());
  });
  group.after(form);
  form.querySelector("button")?.focus();
  form.scrollIntoView({ block: "nearest" });
}
