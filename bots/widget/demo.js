// @ts-check
/** What a host page can do with the chat: hear its events, open it, and say who is signed in. */

/** @typedef {{id: string, name: string, partner: string}} User */

const KEY = "demo-user";
const list = document.getElementById("events");
const select = /** @type {HTMLSelectElement | null} */ (document.getElementById("user"));

for (const name of ["open", "close", "answer", "ticket"]) {
  document.addEventListener(`guichet:${name}`, (/** @type {any} */ { detail }) => {
    const item = document.createElement("li");
    item.textContent = `guichet:${name} ${detail ? JSON.stringify(detail) : ""}`;
    list?.prepend(item);
  });
}

document.getElementById("toggle")?.addEventListener("click", () => window.guichet?.toggle());
document.getElementById("theme")?.addEventListener("click", () => document.body.classList.toggle("warm"));

// The portal signs a token for who is signed in. A real portal does so behind its own session; this one believes the list.
async function portalIdentity() {
  const user = sessionStorage.getItem(KEY);
  return user ? (await post("/api/v1/demo/identities", { user }))?.identity ?? null : null;
}
Object.assign(window, { portalIdentity });

/**
 * What is answered to a message; nothing when it is refused.
 * @param {string} path
 * @param {object} message
 */
async function post(path, message) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(message),
  });
  return response.ok ? response.json() : null;
}

/** @param {User[]} users */
function greet(users) {
  const user = users.find(({ id }) => id === sessionStorage.getItem(KEY));
  const hello = document.getElementById("hello");
  document.getElementById("discord")?.toggleAttribute("hidden", !user);
  if (hello) hello.textContent = user ? `Bonjour, ${user.name} (${user.partner})` : "Bonjour";
}

async function offer() {
  const response = await fetch("/api/v1/demo/users");
  /** @type {User[]} */
  const users = response.ok ? (await response.json()).users : [];
  // With a real portal nobody is invented: the page stays anonymous.
  if (!users.length || !select) return sessionStorage.removeItem(KEY);
  for (const { id, name, partner } of users) select.add(new Option(`${name} — ${partner}`, id));
  select.value = sessionStorage.getItem(KEY) ?? "";
  greet(users);
  select.addEventListener("change", () => {
    sessionStorage.setItem(KEY, select.value);
    greet(users);
    window.guichet?.identify();
  });
  document.getElementById("who")?.removeAttribute("hidden");
}

/**
 * Asks for something in the name of who is signed in.
 * @param {string} path
 * @param {(answer: any) => string} tell
 */
async function ask(path, tell) {
  const identity = await portalIdentity();
  const answer = identity && await post(path, { identity });
  const status = document.getElementById("linking");
  if (status) status.textContent = answer ? tell(answer) : "Cela n’a pas marché. Réessayez dans un instant.";
}

document.getElementById("link")?.addEventListener("click", () => ask("/api/v1/account-links", ({ code, expires_at }) => {
  const until = new Date(expires_at).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  return `Dans Discord, tapez /lier code:${code} avant ${until}. Ce code ne sert qu’une fois.`;
}));
document.getElementById("unlink")?.addEventListener("click", () => ask("/api/v1/account-links/revocations", ({ unlinked }) =>
  unlinked ? "Vos comptes Discord ne sont plus reliés." : "Aucun compte n’était relié."));

void offer();
