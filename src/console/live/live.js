// @ts-check
/** Conversations go on by themselves: what is new is read from the page's own address. Without it, one reloads. */

const LIST_MS = 4000;
const PAUSE_MS = 250;
/** How often it is told that the person writes. */
const WRITES_MS = 3000;

/** The page as it is now, or what another address shows. @param {string} address @returns {Promise<Document | null>} */
async function read(address) {
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  } catch {
    return null;
  }
}

/** Shows what `page` holds in the place of what is here; what stays the same is left alone. @param {Document} page @param {string} id */
function renew(page, id) {
  const here = document.getElementById(id);
  const there = page.getElementById(id);
  if (!here || !there || here.innerHTML === there.innerHTML) return false;
  // Screen readers read what is added: what was there before is not said again.
  const before = [...here.children];
  const after = [...there.children];
  const same = after.findIndex((node, at) => !before[at]?.isEqualNode(node));
  if (before.length === 0 || same < 1) here.replaceChildren(...there.childNodes);
  else {
    for (const old of before.slice(same)) old.remove();
    here.append(...after.slice(same));
  }
  return true;
}

/** @param {HTMLElement} list */
function keepListed(list) {
  const look = async () => {
    const isUsed = list.contains(document.activeElement);
    const page = document.hidden || isUsed ? null : await read(location.href);
    if (page) renew(page, list.id);
    setTimeout(look, LIST_MS);
  };
  setTimeout(look, LIST_MS);
}

/** @param {HTMLElement} thread */
function follow(thread) {
  const address = location.pathname;
  const end = () => thread.lastElementChild?.scrollIntoView({ block: "nearest" });
  const look = async () => {
    const page = await read(address);
    if (!page) return;
    const post = document.getElementById("poste");
    const next = page.getElementById("poste");
    if (renew(page, thread.id)) end();
    // What is being typed stays, unless somebody else answers now.
    if (post && next && post.dataset.holder !== next.dataset.holder) {
      post.replaceWith(next);
      compose();
    }
    renew(page, "etat");
    renew(page, "ecriture");
  };
  const events = new EventSource(`${address}/suite`);
  events.addEventListener("change", look);
  // What was said while nobody listened.
  events.addEventListener("open", look);
  end();
  return look;
}

/** The form to write, sent without leaving the page. */
function compose() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("ecrire"));
  const field = form?.querySelector("textarea");
  if (!form || !field) return;
  const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("key"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button.main"));
    if (button.disabled) return;
    button.disabled = true;
    try {
      const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(/** @type {any} */ (new FormData(form))), redirect: "manual" });
      // The answer is a redirection to this page, which is here already.
      if (response.type !== "opaqueredirect") return form.submit();
      field.value = "";
      told = -WRITES_MS;
      key.value = crypto.randomUUID();
      void refresh?.();
    } catch {
      // The same key: sent again, it is said once.
      form.submit();
    } finally {
      button.disabled = false;
      field.focus();
    }
  });
  let told = -WRITES_MS;
  field.addEventListener("input", () => {
    // A sign now and then is enough; what is typed stays here until it is sent.
    if (!field.value || performance.now() - told < WRITES_MS) return;
    told = performance.now();
    const body = new URLSearchParams({ form_token: String(new FormData(form).get("form_token")) });
    fetch(form.action.replace(/messages$/, "ecriture"), { method: "POST", body }).catch(() => {});
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  canned(field);
}

/** Answers of entries: `/` in an empty message looks for one. @param {HTMLTextAreaElement} field */
function canned(field) {
  const box = /** @type {HTMLDetailsElement | null} */ (document.getElementById("reponses-types"));
  const search = box?.querySelector("input");
  const found = box?.querySelector("ul");
  if (!box || !search || !found) return;
  box.hidden = false;
  box.addEventListener("toggle", () => box.open && search.focus());
  field.addEventListener("keydown", (event) => {
    if (event.key !== "/" || field.value) return;
    event.preventDefault();
    box.open = true;
    search.focus();
  });
  let timer = 0;
  let asked = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++asked;
      const page = await read(`/console/reponses?q=${encodeURIComponent(search.value)}`);
      if (!page || mine !== asked) return;
      const answers = [...page.querySelectorAll("#reponses > li")].map((item) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "choice";
        button.textContent = item.querySelector("h2")?.textContent ?? "";
        button.addEventListener("click", () => {
          const text = item.querySelector(".pre")?.textContent ?? "";
          field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
          box.open = false;
          field.focus();
        });
        const line = document.createElement("li");
        line.append(button);
        return line;
      });
      found.replaceChildren(...answers);
      const said = box.querySelector("[role=status]");
      if (said) said.textContent = answers.length ? `${answers.length} fiches` : "Aucune fiche";
    }, PAUSE_MS);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Escape") {
      box.open = false;
      field.focus();
    }
  });
}

/** What the portal says is shown beside the conversation. @param {HTMLFormElement} form */
function dossier(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const query = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    const page = await read(`${form.action}?${query}`);
    if (!page) return form.submit();
    renew(page, "dossier");
  });
}

const list = document.getElementById("liste");
if (list) keepListed(list);
const thread = document.getElementById("fil");
const refresh = thread ? follow(thread) : undefined;
compose();
const portal = /** @type {HTMLFormElement | null} */ (document.getElementById("portail"));
if (portal) dossier(portal);
