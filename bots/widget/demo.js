// @ts-check
/** What a host page can do with the chat. */

const list = document.getElementById("events");

for (const name of ["open", "close", "answer", "ticket"]) {
  document.addEventListener(`guichet:${name}`, (/** @type {any} */ { detail }) => {
    const item = document.createElement("li");
    item.textContent = `guichet:${name} ${detail ? JSON.stringify(detail) : ""}`;
    list?.prepend(item);
  });
}

document.getElementById("toggle")?.addEventListener("click", () => window.guichet?.toggle());
document.getElementById("theme")?.addEventListener("click", () => document.body.classList.toggle("warm"));
