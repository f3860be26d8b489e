// @ts-check
/** A request as one form, for those who would rather not be asked piece by piece. */
import { button, el } from "./dom.js";

/** @import {Conversation} from "./conversation.js" */

const URGENCIES = ["low", "normal", "high", "urgent"];
/** Replies to questions, not to steps of a dialogue. */
const ASKED = /^(answer|clarify|lookup|incident|noanswer)$/;

/** @param {Conversation} conversation @param {import("./more.js").AllTexts} texts */
export function ticket(conversation, texts) {
  const { frame, messages, service } = conversation;
  frame.log.querySelector(".ticket")?.remove();
  const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const at = messages.findLastIndex(({ reply }, at) => reply && ASKED.test(reply.decision) && messages[at - 1]?.text !== texts.notHelpful);
  const asked = messages[at - 1]?.text ?? "";

  const fields = {
    name: el("input", { autocomplete: "name", required: "", maxlength: "200" }),
    email: el("input", { type: "email", autocomplete: "email", required: "" }),
    company: el("input", { autocomplete: "organization", maxlength: "200" }),
    subject: el("input", { required: "", maxlength: "200", autocomplete: "off" }),
    description: el("textarea", { required: "", maxlength: "4000", rows: "3", dir: "auto" }),
    urgency: el("select", {}, ...texts.urgencies.split("|").map((label, at) => el("option", { value: URGENCIES[at] ?? "" }, label))),
  };
  const rows = Object.entries(fields).map(([name, field]) => {
    field.id = "ticket-" + name;
    field.classList.add("line");
    return el("p", {}, el("label", { for: field.id }, texts[/** @type {"name"} */ (name)]), field);
  });
  fields.subject.value = asked.slice(0, 200);
  fields.description.value = asked;
  fields.urgency.value = "normal";

  const problem = el("p", { class: "wrong", role: "alert" });
  const submit = el("button", { class: "choice" }, texts.sendForm);
  const form = el(
    "form",
    { class: "message ticket", novalidate: "", "aria-labelledby": "ticket-title" },
    el("h3", { id: "ticket-title" }, texts.formTitle),
    ...rows,
    problem,
    el("p", { class: "acts" }, submit, button("choice", () => leave(), texts.cancel)),
  );
  const leave = () => {
    form.remove();
    conversation.focus();
  };
  const check = () => {
    for (const field of Object.values(fields)) {
      field.nextElementSibling?.remove();
      field.setAttribute("aria-invalid", String(!field.validity.valid));
      field.removeAttribute("aria-describedby");
      if (field.validity.valid) continue;
      const why = el("span", { class: "wrong", id: field.id + "-wrong" }, field.validity.valueMissing ? texts.required : texts.badEmail);
      field.setAttribute("aria-describedby", why.id);
      field.after(why);
    }
    return Object.values(fields).find((field) => !field.validity.valid);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = check();
    problem.textContent = wrong ? texts.wrong : "";
    if (wrong) return wrong.focus();
    submit.disabled = true;
    try {
      const session = await conversation.session();
      const { signal } = conversation;
      const { attachments } = await service.ask(`/conversations/${session.id}/attachments`, signal, session);
      const values = Object.fromEntries(Object.entries(fields).flatMap(([name, { value }]) => (value.trim() ? [[name, value.trim()]] : [])));
      await service.ask(`/conversations/${session.id}/tickets`, signal, session, { ...values, request_key: key, attachments: attachments.map((/** @type {{id: string}} */ { id }) => id) });
      leave();
      await conversation.catchUp();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : texts.failed;
    }
    submit.disabled = false;
  });
  frame.log.append(form);
  form.scrollIntoView({ block: "nearest" });
  fields.name.focus();
}
