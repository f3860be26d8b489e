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
Object.assign(window, {
  async portalIdentity() {
    const user = sessionStorage.getItem(KEY);
    if (!user) return null;
    const response = await fetch("/api/v1/demo/identities", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user }),
    });
    return response.ok ? (await response.json()).identity : null;
  },
});

/** @param {User[]} users */
function greet(users) {
  const user = users.find(({ id }) => id === sessionStorage.getItem(KEY));
  const hello = document.getElementById("hello");
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

void offer();
