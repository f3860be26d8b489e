// @ts-check
/** What makes the pages of the knowledge pleasant; without it, forms do the same with one click more. */

const PAUSE = 300;
const LOOK_AGAIN = 800;
/** The largest image, in bytes. */
const LARGEST = 1_000_000;

/** Shows what the chat would show, while it is typed. @param {HTMLFormElement} form */
function preview(form) {
  const shown = document.getElementById("preview");
  const address = form.dataset.preview;
  if (!shown || !address || form.querySelector("fieldset")?.disabled) return;
  form.querySelector(".look")?.remove();
  let timer = 0;
  let asked = 0;
  const draw = async () => {
    const mine = ++asked;
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    try {
      const response = await fetch(address, { method: "POST", body });
      // An answer that was overtaken is thrown away.
      if (response.ok && mine === asked) shown.replaceChildren(...parsed(await response.text()));
    } catch {
      // What was shown last stays; the next letter asks again.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  });
}

/** The nodes of a part of a page. @param {string} text */
function parsed(text) {
  return [...new DOMParser().parseFromString(text, "text/html").body.childNodes];
}

/** Marks what is selected in the answer. @param {HTMLElement} bar */
function toolbar(bar) {
  const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById(bar.getAttribute("aria-controls") ?? ""));
  if (!field || field.matches(":disabled")) return;
  bar.hidden = false;
  const items = /** @type {HTMLElement[]} */ ([...bar.querySelectorAll("button, select")]);
  items.forEach((item, at) => (item.tabIndex = at ? -1 : 0));
  bar.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (!step || at < 0) return;
    event.preventDefault();
    items[at].tabIndex = -1;
    const next = items[(at + step + items.length) % items.length];
    next.tabIndex = 0;
    next.focus();
  });
  const picker = images(field);
  bar.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!button) return;
    const { selectionStart: start, selectionEnd: end, value } = field;
    const chosen = value.slice(start, end);
    const { mark, line } = button.dataset;
    if (mark) put(field, start, end, `${mark}${chosen || "texte"}${mark}`, mark.length, chosen ? 0 : 5);
    else if (line) lines(field, line);
    else if ("image" in button.dataset) picker.click();
    else put(field, start, end, `[${chosen || "texte"}](https://)`, 1, (chosen || "texte").length);
  });
  const cite = /** @type {HTMLSelectElement | null} */ (document.getElementById("cite"));
  cite?.addEventListener("change", () => {
    if (cite.value) put(field, field.selectionStart, field.selectionEnd, cite.value, cite.value.length, 0);
    cite.value = "";
  });
}

/** Images that are chosen, pasted or dropped go to the service and into the answer. @param {HTMLTextAreaElement} field */
function images(field) {
  const picker = document.createElement("input");
  picker.type = "file";
  picker.accept = "image/png,image/jpeg,image/webp,image/gif";
  picker.addEventListener("change", () => {
    bring(field, picker.files);
    picker.value = "";
  });
  field.addEventListener("paste", (event) => {
    const { clipboardData } = event;
    // What comes from a table or a text has a picture of itself beside it.
    if (!clipboardData?.files.length || clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    bring(field, clipboardData.files);
  });
  field.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  field.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    bring(field, event.dataTransfer.files);
  });
  return picker;
}

/** @param {HTMLTextAreaElement} field @param {FileList | null} files */
async function bring(field, files) {
  const region = document.getElementById("image-told");
  if (!region) return;
  const { busy = "", done = "", large, failed } = region.dataset;
  const token = /** @type {HTMLInputElement | null} */ (field.form?.elements.namedItem("form_token"));
  for (const file of files ?? []) {
    region.textContent = busy;
    let problem = failed;
    try {
      if (file.size > LARGEST) throw (problem = large);
      const body = new URLSearchParams({ form_token: token?.value ?? "", name: file.name, content: await base64url(file) });
      const response = await fetch("/console/images", { method: "POST", body });
      const isJson = response.headers.get("content-type") === "application/json";
      const { name, why } = isJson ? await response.json() : {};
      if (!response.ok) throw (problem = why ?? failed);
      show(field, name);
      region.textContent = done;
    } catch {
      region.textContent = problem ?? "";
    }
  }
}

/** Puts an image after the line of the caret, inside the item that it is in, and the caret where its words go. @param {HTMLTextAreaElement} field @param {string} name */
function show(field, name) {
  const { value, selectionEnd } = field;
  const start = value.lastIndexOf("\n", selectionEnd - 1) + 1;
  const stop = value.indexOf("\n", selectionEnd);
  const end = stop < 0 ? value.length : stop;
  const line = value.slice(start, end);
  const item = /^\s*(?:[-*+]|\d+[.)])\s+|^\s*/.exec(line)?.[0] ?? "";
  const before = line.trim() ? `\n\n${" ".repeat(item.length)}` : "";
  const after = value.slice(end).trim() ? "\n" : "";
  put(field, end, end, `${before}![](${name})${after}`, 0, 0);
  const caret = end + before.length + 2;
  field.setSelectionRange(caret, caret);
}

/** @param {File} file @returns {Promise<string>} */
function base64url(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, "").replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/**
 * Replaces a stretch and selects a part of it.
 * @param {HTMLTextAreaElement} field @param {number} start @param {number} end @param {string} text
 * @param {number} from @param {number} length
 */
function put(field, start, end, text, from, length) {
  field.focus();
  field.setRangeText(text, start, end, "end");
  if (length) field.setSelectionRange(start + from, start + from + length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Makes items of the chosen lines. @param {HTMLTextAreaElement} field @param {string} mark */
function lines(field, mark) {
  const { value, selectionStart, selectionEnd } = field;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const stop = value.indexOf("\n", selectionEnd);
  const end = stop < 0 ? value.length : stop;
  const marked = value.slice(start, end).split("\n").map((line, at) => (mark === "- " ? mark : `${at + 1}. `) + line);
  put(field, start, end, marked.join("\n"), 0, 0);
}

/** Follows a publication until it is over. @param {HTMLElement} part */
function follow(part) {
  part.querySelector(".button")?.remove();
  const look = async () => {
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const next = page.getElementById("publication");
      if (response.ok && next) {
        const isOver = !("follow" in next.dataset);
        const said = part.querySelector("[role=status]");
        const says = next.querySelector("[role=status]");
        // The same region stays, so that screen readers hear what becomes of it.
        if (said && says) {
          if (said.textContent !== says.textContent) said.textContent = says.textContent;
          says.replaceWith(said);
        }
        if (!isOver) next.querySelector(".button")?.remove();
        part.replaceChildren(...next.childNodes);
        if (isOver) return;
      }
    } catch {
      // The network may be back next time.
    }
    setTimeout(look, LOOK_AGAIN);
  };
  setTimeout(look, LOOK_AGAIN);
}

/** Asks before what was typed is left behind. @param {HTMLFormElement} form */
function keep(form) {
  let isChanged = false;
  form.addEventListener("input", () => (isChanged = true));
  form.addEventListener("submit", () => (isChanged = false));
  addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
}

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("editor"));
if (form) {
  preview(form);
  keep(form);
}
for (const bar of document.querySelectorAll("[role=toolbar]")) toolbar(/** @type {HTMLElement} */ (bar));
const part = document.querySelector("[data-follow]");
if (part) follow(/** @type {HTMLElement} */ (part));
