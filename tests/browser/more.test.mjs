// What comes on top of question and answer: votes, incidents, files, the form, identity, limits.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  DESKTOP, PHONE, answer, ask, askForTicket, assertAccessible, assertNoSidewaysScroll, assertTargets, assistants, field, focused, home, plain, said, screenshot, staff, visitors, withChat, withPage,
} from "./harness.mjs";

const ZENDESK = "comment créer un ticket zendesk ?";
// One pixel.
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

/** @param {import("playwright-core").Page} page @param {string} name */
const button = (page, name) => page.getByRole("button", { name, exact: true });

test("yes to an answer is kept, and can become no with a reason, which leads on", async () => {
  for (const size of [DESKTOP, PHONE]) {
    await withChat(size, async (page) => {
      await ask(page, ZENDESK);
      await button(page, "Oui").click();
      await page.locator(".note", { hasText: "Merci, c’est noté." }).waitFor();
      assert.equal(await button(page, "Oui").getAttribute("aria-pressed"), "true");
      await page.reload();
      assert.equal(await button(page, "Oui").getAttribute("aria-pressed"), "true", "the service knows it");

      await button(page, "Non").click();
      const why = page.getByRole("form", { name: /Qu’est-ce qui ne va pas/ });
      await why.waitFor();
      assert.equal(await focused(page), "Ce n’est pas ma question");
      assert.equal(await button(page, "Oui").getAttribute("aria-pressed"), "false");
      await assertAccessible(page, "reasons");
      await assertTargets(page, 44);
      await assertNoSidewaysScroll(page);
      await screenshot(page, size === PHONE ? "reasons-phone" : "reasons");
      await page.getByRole("textbox", { name: "Autre raison" }).fill("Mon mot de passe est tournesol42");
      const [request] = await Promise.all([page.waitForRequest("**/feedback"), why.getByRole("button", { name: "Envoyer" }).click()]);
      assert.deepEqual(Object.keys(request.postDataJSON()), ["message_id", "helpful", "reason"]);
      const next = await answer(page, 2);
      assert.equal(await said(visitors(page).last()), "Non, cette réponse ne m’aide pas");
      assert.ok((await next.getByRole("group", { name: "Choix proposés" }).getByRole("button").count()) > 0, "no leads on");
      await assertAccessible(page, "after a no");
    });
  }
});

test("what is broken is said above the conversation, until it is over", async () => {
  const id = `panne-${Date.now()}`;
  await staff("incidents", { id, title: "Les clés arrivent en retard", text: "Nous y travaillons.\nVos clés arriveront dans la journée.", keywords: ["cles-en-retard-xyz"], questions: [], starts: Date.now() - 1000 });
  try {
    await withChat(DESKTOP, async (page) => {
      const banner = page.locator("summary");
      await banner.waitFor();
      assert.match(plain(await banner.innerText()), /^Incident en cours : Les clés arrivent en retard$/);
      await assertAccessible(page, "incident");
      await banner.click();
      await page.getByText("Vos clés arriveront dans la journée.").waitFor();
      await assertAccessible(page, "incident open");
      await screenshot(page, "incident");
    });
  } finally {
    await staff(`incidents/${id}`, { ends: Date.now() }, "PATCH");
  }
});

test("an agent's answer comes with a file, which its reader saves", async () => {
  await withChat(DESKTOP, async (page) => {
    await ask(page, ZENDESK);
    const reference = await askForTicket(page);
    const files = [{ name: "procédure.txt", media_type: "text/plain", content: Buffer.from("Redémarrez le poste.").toString("base64") }];
    await staff(`tickets/${reference}/comments`, { text: "Voici la procédure.", public: true, request_key: "1", files });
    const save = page.getByRole("button", { name: /^Fichier procédure\.txt/ });
    await save.waitFor();
    await assertAccessible(page, "a file of an agent");
    await screenshot(page, "agent-file");
    const saved = async () => {
      const [download] = await Promise.all([page.waitForEvent("download"), save.click()]);
      assert.equal(download.suggestedFilename(), "procédure.txt");
      assert.equal(readFileSync(await download.path(), "utf8"), "Redémarrez le poste.");
    };
    await saved();
    await page.reload();
    await saved();
  });
});

test("files: a picture, what is no file of ours, what is too large, one that is taken back", async () => {
  await withChat(DESKTOP, async (page, expected) => {
    expected.push(/status of 4(15|22|13)/);
    const input = page.locator("input[type=file]");
    const cards = page.getByRole("group", { name: /^Fichier / });
    await input.setInputFiles([{ name: "capture.png", mimeType: "image/png", buffer: PNG }]);
    await cards.first().locator(".state", { hasText: "joint à votre prochaine demande" }).waitFor();
    assert.equal(await cards.first().locator("canvas").count(), 1, "a picture is seen");
    await input.setInputFiles([{ name: "virus.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") }]);
    await page.locator(".file.error").waitFor();
    await input.setInputFiles([{ name: "trop.png", mimeType: "image/png", buffer: Buffer.alloc(5_000_001) }]);
    await page.locator(".state", { hasText: "ce fichier dépasse la limite de 5 Mo" }).waitFor();
    await assertAccessible(page, "files");
    await assertTargets(page, 44);
    await screenshot(page, "files");

    await input.setInputFiles([{ name: "autre.png", mimeType: "image/png", buffer: PNG }]);
    await cards.nth(3).getByRole("button", { name: "Retirer" }).click();
    await cards.nth(3).getByText("retiré").waitFor();
    await input.setInputFiles(Array.from({ length: 5 }, (_, at) => ({ name: `${at}.png`, mimeType: "image/png", buffer: PNG })));
    await page.locator(".state", { hasText: "pas plus de fichiers par demande que 5" }).waitFor();
    await cards.first().getByRole("button", { name: "Parler à un conseiller" }).click();
    await answer(page, 1);
  });
});

test("a slow file shows how far it is, and can be stopped", async () => {
  await withChat(PHONE, async (page, expected) => {
    expected.push(/ERR_FAILED|ERR_ABORTED/);
    await page.route("**/attachments?*", () => {}); // never answered
    await page.locator("input[type=file]").setInputFiles([{ name: "capture.png", mimeType: "image/png", buffer: PNG }]);
    await page.getByRole("progressbar", { name: "Fichier capture.png" }).waitFor();
    await assertAccessible(page, "a file on its way");
    await screenshot(page, "file-phone");
    await button(page, "Annuler").click();
    await page.locator(".file.error").waitFor();
  });
});

test("the request as a form, with its mistakes, then with a file", async () => {
  for (const size of [DESKTOP, PHONE]) {
    await withChat(size, async (page) => {
      await ask(page, "xyzzy plugh ?");
      await page.locator("input[type=file]").setInputFiles([{ name: "capture.png", mimeType: "image/png", buffer: PNG }]);
      await page.locator(".state", { hasText: "joint à votre prochaine demande" }).waitFor();
      await button(page, "Parler à un conseiller").last().click();
      await answer(page, 2);
      await button(page, "Remplir un formulaire").last().click();
      const form = page.getByRole("form", { name: "Votre demande à un conseiller" });
      await form.waitFor();
      assert.equal(await form.getByLabel("Objet").inputValue(), "xyzzy plugh ?", "what was asked is there already");
      await assertAccessible(page, "form");
      await assertNoSidewaysScroll(page);
      await form.getByLabel("Votre adresse e-mail").fill("lea.martin");
      await form.getByRole("button", { name: "Envoyer la demande" }).click();
      assert.equal(await form.locator("[aria-invalid=true]").count(), 2);
      assert.equal(await page.evaluate(() => document.querySelector("guichet-chat")?.shadowRoot?.activeElement?.id), "ticket-name");
      await assertAccessible(page, "form with mistakes");
      await screenshot(page, size === PHONE ? "form-phone" : "form");
      await form.getByLabel("Votre nom").fill("Léa Martin");
      await form.getByLabel("Votre adresse e-mail").fill("lea.martin@societe.example");
      await form.getByRole("button", { name: "Envoyer la demande" }).click();
      const notice = page.locator("[data-author=ticket]", { hasText: "est enregistrée" });
      await notice.waitFor();
      assert.equal(await form.count(), 0);
      assert.match(await notice.innerText(), /Votre demande G-\w{4}-\w{4}/);
      assert.equal(await notice.getByRole("button", { name: /^Copier G-/ }).count(), 1);
      await page.reload();
      await notice.waitFor();
      assert.equal(await notice.count(), 1);
    });
  }
});

test("forgetting is forgetting there too", async () => {
  await withChat(DESKTOP, async (page, expected) => {
    expected.push(/status of 404/);
    await ask(page, ZENDESK);
    const { id, token } = await page.evaluate(() => JSON.parse(localStorage.getItem(`guichet:${location.origin}/`) ?? "{}"));
    await button(page, "Autres actions").click();
    await button(page, "Oublier cette conversation").click();
    const [request] = await Promise.all([page.waitForResponse((response) => response.request().method() === "DELETE"), page.getByRole("button", { name: /êtes-vous sûr/ }).click()]);
    assert.equal(request.status(), 204);
    const response = await fetch(`${home}api/v1/conversations/${id}/messages`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(response.status, 404);
  });
});

test("who says too much waits as long as asked, then is heard", async () => {
  await withChat(DESKTOP, async (page, expected) => {
    expected.push(/status of 429/);
    // The stream of the conversation opens meanwhile: that is no reason to send earlier.
    await page.route("**/messages*", (route) => route.fulfill({ status: 429, headers: { "Retry-After": "4" }, json: { detail: "Trop de messages en peu de temps." } }), { times: 1 });
    await field(page).fill(ZENDESK);
    await field(page).press("Enter");
    await page.locator(".note", { hasText: "Trop de messages en peu de temps." }).waitFor();
    await assertAccessible(page, "too many");
    await answer(page, 1);
    assert.equal(await page.locator(".note, .error").count(), 0);
  });
});

test("a proxy that speaks for a service that restarts is waited for", async () => {
  await withChat(DESKTOP, async (page, expected) => {
    expected.push(/status of 502/);
    await page.route("**/messages*", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }), { times: 2 });
    await field(page).fill(ZENDESK);
    await field(page).press("Enter");
    await page.locator(".note", { hasText: "En attente du réseau" }).waitFor();
    await answer(page, 1);
    assert.equal(await visitors(page).count(), 1);
  });
});

test("right-to-left text, emoji and a word without end stay in their bubble", async () => {
  await withChat(PHONE, async (page) => {
    const pasted = `مرحبا ${"😀".repeat(40)} ${"x".repeat(400)} \u202eabc`;
    await ask(page, pasted);
    // Marks that turn the order of what follows are left out by the service.
    assert.equal(await said(visitors(page).first()), pasted.replace("\u202e", ""));
    await assertNoSidewaysScroll(page);
    await screenshot(page, "pasted-phone");
  });
});

test("facts say when they were read, articles when they were changed", async () => {
  await withChat(DESKTOP, async (page, expected) => {
    expected.push(/status of 404/); // the stream that is cut here
    await ask(page, "bonjour");
    const at = new Date();
    at.setHours(14, 2, 0, 0);
    const reply = {
      decision: "answer", blocks: [{ type: "paragraph", spans: [{ text: "Le contrat court." }] }],
      sources: [{ kind: "entry", id: "x", label: "Où lire l’échéance ?", updated_at: Date.UTC(2026, 2, 1, 12) }, { kind: "fact", id: "contract.end", read_at: at.getTime() }, { kind: "fact", id: "contract.status", read_at: at.getTime() + 60_000 }],
    };
    await page.route("**/messages*", (route) => route.fulfill({ json: { messages: [{ id: "a", number: 1, author: "assistant", sent_at: 0, reply }] } }));
    await page.route("**/events", (route) => route.fulfill({ status: 404 }));
    await page.reload();
    await page.locator(".sources p").first().waitFor();
    const lines = (await page.locator(".sources p").allInnerTexts()).map(plain);
    assert.deepEqual(lines, ["Fiche : Où lire l’échéance ?, mise à jour le 1er mars 2026", "Données du portail lues à 14 h 02"]);
  });
});

test("the page says who is there, again before it runs out, and when it is somebody else", async () => {
  await withPage(DESKTOP, async (page) => {
    /** @type {{method: string, path: string, body: any}[]} */
    const asked = [];
    const token = (/** @type {string} */ sub) => `e30.${Buffer.from(JSON.stringify({ sub, partner: "P1", iat: 1000, exp: 1600 })).toString("base64url")}.x`;
    await page.route("**/embed", (route) => route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang="fr"><title>Portail</title><main><h1>Portail</h1></main><script src="/guichet.js" data-identity="portalIdentity"></script></html>`,
    }));
    await page.addInitScript(() => {
      globalThis.user = "U1";
      globalThis.portalIdentity = async () => (globalThis.user ? globalThis.tokens[globalThis.user] : null);
    });
    await page.addInitScript(`globalThis.tokens = ${JSON.stringify({ U1: token("U1"), U2: token("U2") })}`);
    await page.route(/api\/v1\/conversations(\/[^/]+\/identity)?$/, async (route) => {
      const request = route.request();
      asked.push({ method: request.method(), path: new URL(request.url()).pathname, body: request.postDataJSON() });
      if (request.method() === "PUT") return route.fulfill({ json: { valid_until: Date.now() + 600_000 } });
      // The service that runs here need not believe these tokens.
      return route.fulfill({ response: await route.fetch({ postData: "{}" }) });
    });
    await page.goto(new URL("embed", home).href);
    await page.getByRole("button", { name: "Aide" }).click();
    await ask(page, "bonjour");
    assert.deepEqual(asked.splice(0).map(({ method, body }) => [method, body.identity]), [["POST", token("U1")]]);
    await ask(page, "merci");
    assert.equal(asked.length, 0, "a proof that holds is not asked for again");

    await page.reload();
    await page.getByRole("button", { name: /^Aide/ }).click();
    await answer(page, 2);
    assert.deepEqual(asked.splice(0).map(({ method, body }) => [method, body.identity]), [["PUT", token("U1")]]);

    // Somebody else signs in: what was said before is not shown, nor sent.
    await page.evaluate(() => {
      globalThis.user = "U2";
      window.guichet?.identify();
    });
    await page.getByRole("group", { name: "Exemples de questions" }).waitFor();
    assert.equal(await assistants(page).count(), 0);
    await ask(page, "bonjour");
    assert.deepEqual(asked.splice(0).map(({ method, body }) => [method, body.identity]), [["POST", token("U2")]]);
    await page.evaluate(() => {
      globalThis.user = "";
      window.guichet?.identify();
    });
    await page.getByRole("group", { name: "Exemples de questions" }).waitFor();
  });
});

test("English words of what is loaded on demand", async () => {
  await withPage(DESKTOP, async (page) => {
    await page.route("**/embed", (route) => route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang="en"><title>Portal</title><main><h1>Portal</h1></main><script src="/guichet.js" data-open></script></html>`,
    }));
    await page.goto(new URL("embed", home).href);
    await page.getByRole("textbox", { name: "Your question" }).fill(ZENDESK);
    await page.keyboard.press("Enter");
    await button(page, "No").click();
    await page.getByRole("form", { name: "What is wrong? (optional)" }).waitFor();
    await assertAccessible(page, "English reasons");
  });
});
