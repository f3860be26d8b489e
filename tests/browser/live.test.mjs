// What happens over time: agents, tabs, lost networks, restarts of the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  DESKTOP, answer, ask, askForTicket, assertAccessible, assistants, field, home, said, screenshot, staff, visitors, withChat, withPage,
} from "./harness.mjs";

/** @param {import("playwright-core").Page} page @param {string} name */
async function act(page, name) {
  await page.getByRole("button", { name: "Autres actions" }).click();
  await page.getByRole("button", { name }).click();
}

test("a ticket, an agent who answers, and what becomes of it", async () => {
  await withChat(DESKTOP, async (page) => {
    const reference = await askForTicket(page);
    assert.equal(await page.getByRole("button", { name: "Annuler" }).count(), 0, "steps that are over cannot be chosen");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: `Copier ${reference}` }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), reference);

    await staff(`tickets/${reference}/comments`, { text: "Bonjour, videz le cache : https://aide.editeur.example/cache.", public: true, request_key: "answer" });
    const agent = page.locator("[data-author=agent]");
    await agent.waitFor();
    assert.match(await agent.innerText(), /Inès \(assistance\)/);
    assert.equal(await agent.getByRole("link").getAttribute("href"), "https://aide.editeur.example/cache");
    await staff(`tickets/${reference}`, { status: "solved" }, "PATCH");
    await page.locator("[data-author=ticket]", { hasText: `${reference} est résolue` }).waitFor();
    await assertAccessible(page, "agent and ticket");
    await screenshot(page, "agent");
  });
});

test("a closed panel counts what it has not shown", async () => {
  await withPage(DESKTOP, async (page) => {
    await page.goto(new URL("demo", home).href);
    await page.getByRole("button", { name: /^Aide/ }).click();
    const reference = await askForTicket(page);
    assert.match(await page.locator("#events").innerText(), new RegExp(`guichet:ticket {"reference":"${reference}","status":"new"}`));
    await page.getByRole("button", { name: "Fermer", exact: true }).click();
    await staff(`tickets/${reference}/comments`, { text: "Je regarde.", public: true, request_key: "answer" });
    const badge = page.getByRole("button", { name: /^Aide\s\d non lus/ });
    await badge.waitFor();
    await assertAccessible(page, "badge");
    await screenshot(page, "badge");
    // Another page of the portal: it hears without being opened.
    await page.reload();
    await badge.waitFor();
    await badge.click();
    await page.locator("[data-author=agent]").waitFor();
    await page.getByRole("button", { name: "Fermer", exact: true }).click();
    await page.getByRole("button", { name: "Aide", exact: true }).waitFor();
  });
});

test("what is typed in a tunnel is sent once, later, even by another page load", async () => {
  await withChat(DESKTOP, async (page, expected, context) => {
    expected.push(/ERR_INTERNET_DISCONNECTED/, /ERR_FAILED/);
    await ask(page, "comment créer un ticket zendesk ?");
    await context.setOffline(true);
    await field(page).fill("résiliation");
    await field(page).press("Enter");
    await page.locator(".note", { hasText: "En attente du réseau" }).waitFor();
    await field(page).fill("bonjour");
    await field(page).press("Enter");
    await assertAccessible(page, "offline");
    await screenshot(page, "offline");
    await context.setOffline(false);
    await answer(page, 3);
    assert.equal(await visitors(page).count(), 3);
    assert.equal(await page.locator(".note").count(), 0);

    // The reply is lost on its way: the message has arrived, and must not be said twice.
    await page.route("**/messages*", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await route.fetch();
      await route.abort();
    }, { times: 1 });
    await field(page).fill("merci");
    await field(page).press("Enter");
    await answer(page, 4);
    await page.reload();
    await answer(page, 4);
    assert.equal(await visitors(page).count(), 4);

    // And what did not leave before the page was closed leaves with the next one.
    await page.route("**/messages*", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
    await field(page).fill("résiliation");
    await field(page).press("Enter");
    await page.locator(".note").waitFor();
    await page.unroute("**/messages*");
    await page.reload();
    await answer(page, 5);
    assert.equal(await visitors(page).count(), 5);
  });
});

test("two tabs show one conversation", async () => {
  await withChat(DESKTOP, async (page, _, context) => {
    await ask(page, "comment créer un ticket zendesk ?");
    const other = await context.newPage();
    await other.goto(home);
    await answer(other, 1);
    await ask(other, "résiliation");
    await answer(page, 2);
    await ask(page, "bonjour");
    await answer(other, 3);
    assert.equal(await visitors(other).count(), 3);
    // The tab that listened for both closes; the other takes over.
    await page.close();
    await ask(other, "merci");
    const third = await context.newPage();
    await third.goto(home);
    await answer(third, 4);
    await act(third, "Nouvelle conversation");
    await other.getByRole("group", { name: "Exemples de questions" }).waitFor();
    assert.equal(await assistants(other).count(), 0, "the other tab follows");
  });
});

test("each answer is put once where screen readers hear it", async () => {
  await withChat(DESKTOP, async (page) => {
    await page.evaluate(() => {
      globalThis.heard = [];
      const status = document.querySelector("guichet-chat")?.shadowRoot?.querySelector("[role=status]");
      new MutationObserver(() => status?.textContent && globalThis.heard.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
    });
    await ask(page, "comment créer un ticket zendesk ?");
    await page.waitForTimeout(1000);
    const heard = await page.evaluate(() => globalThis.heard.filter((text) => text.includes("Zendesk")));
    assert.equal(heard.length, 1, heard.join("\n"));
    assert.match(heard[0], /1\. Compte/);
  });
});

test("the transcript is a text file, and forgetting asks twice", async () => {
  await withChat(DESKTOP, async (page) => {
    await ask(page, "comment créer un ticket zendesk ?");
    const [download] = await Promise.all([page.waitForEvent("download"), act(page, "Télécharger la conversation")]);
    assert.equal(download.suggestedFilename(), "guichet.txt");
    const text = await readFile(await download.path(), "utf8");
    assert.match(text, /\] Vous\ncomment créer un ticket zendesk/);
    assert.match(text, /\] Guichet\nLes demandes[\s\S]*\n1\. Compte/);

    await act(page, "Oublier cette conversation");
    assert.equal(await assistants(page).count(), 1, "not yet");
    await page.getByRole("button", { name: /êtes-vous sûr/ }).click();
    await page.getByRole("status").getByText("La conversation est oubliée.").waitFor({ state: "attached" });
    assert.equal(await assistants(page).count(), 0);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  });
});

test("a long conversation shows its end first", async () => {
  await withChat(DESKTOP, async (page, expected) => {
    expected.push(/status of 404/); // the stream that is cut here
    await ask(page, "bonjour");
    const messages = Array.from({ length: 5000 }, (_, at) => ({
      id: String(at), number: at + 1, sent_at: 0, ...(at % 2 ? { author: "assistant", reply: { decision: "answer", blocks: [{ type: "paragraph", spans: [{ text: `réponse ${at}` }] }] } } : { author: "visitor", text: `question ${at}` }),
    }));
    /** @type {string[]} */
    const pages = [];
    await page.route("**/messages*", (route) => {
      const { search, searchParams } = new URL(route.request().url());
      pages.push(search);
      const before = Number(searchParams.get("before") ?? Infinity);
      return route.fulfill({ json: { messages: messages.filter(({ number }) => number < before).slice(-Number(searchParams.get("limit"))) } });
    });
    await page.route("**/events", (route) => route.fulfill({ status: 404 }));
    const begun = Date.now();
    await page.reload();
    await page.getByText("réponse 4999").first().waitFor();
    assert.ok(Date.now() - begun < 5000, `${Date.now() - begun} ms`);
    assert.equal(await assistants(page).count(), 25);
    await page.getByRole("button", { name: "Afficher les messages précédents" }).click();
    await page.getByText("question 4900").waitFor();
    assert.equal(await assistants(page).count(), 50);
    assert.equal(await said(visitors(page).first()), "question 4900");
    assert.deepEqual(pages, ["?limit=50", "?before=4951&limit=50"], "only what is shown is asked for");
  });
});
