// Pages that make it hard: another origin with a strict policy, resets, polluted prototypes, frames.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { DESKTOP, ask, assertAccessible, assistants, field, home, screenshot, visitors, withPage, still } from "./harness.mjs";

const FRAMES = `<!doctype html><title>Cadres</title><iframe name="same" src="/" width="600" height="700"></iframe>
  <iframe name="alone" sandbox="allow-scripts" src="/" width="600" height="700"></iframe>`;
/** The first origin is the one that guichet.toml allows. */
const [HOST, OTHER] = ["http://localhost:4999/", "http://localhost:4998/"];
const guichet = new URL(home).origin;
const POLICY = `default-src 'none'; script-src ${guichet}; style-src ${guichet}; connect-src ${guichet}; base-uri 'none'; require-trusted-types-for 'script'`;

/** What the host pages say: set by each test. */
let served = { body: "", headers: {} };
const servers = [HOST, OTHER].map(() => createServer((request, response) => {
  const isPage = request.url === "/";
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...(isPage ? served.headers : {}) });
  response.end(isPage ? served.body : FRAMES);
}));

before(() => Promise.all(servers.map((server, at) => new Promise((resolve) => server.listen(4999 - at, "localhost", () => resolve(undefined))))));
after(() => servers.forEach((server) => server.close()));

/**
 * @param {import("playwright-core").Page} page
 * @param {string} head
 * @param {Record<string, string>} [headers]
 * @param {string} [at]
 */
async function host(page, head, headers = {}, at = HOST) {
  const body = `<!doctype html><html lang="fr"><head><title>Portail</title>${head}</head><body><main><h1>Portail</h1></main>
    <script src="${guichet}/guichet.js"></script></body></html>`;
  served = { body, headers };
  await page.goto(at);
}

/** @param {import("playwright-core").Page | import("playwright-core").FrameLocator} page */
const launcher = (page) => page.getByRole("button", { name: "Aide" });
/** Requests to the service are foreign to the host page, and its page has no icon. */
const FOREIGN = /^foreign request/;

test("another origin, under a policy without unsafe-inline, with trusted types", async () => {
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(FOREIGN);
    await host(page, "", { "content-security-policy": POLICY, "cross-origin-embedder-policy": "require-corp" });
    await launcher(page).click();
    await ask(page, "comment créer un ticket zendesk ?");
    await page.reload();
    await launcher(page).click();
    await assistants(page).first().waitFor();
    assert.equal(await visitors(page).count(), 1);
  });
});

test("as an ES module, under the same policy", async () => {
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(FOREIGN);
    const body = `<!doctype html><html lang="fr"><head><title>Portail</title></head><body><main><h1>Portail</h1></main>
      <script type="module" src="${guichet}/guichet.js" data-label="Une question ?"></script></body></html>`;
    served = { body, headers: { "content-security-policy": POLICY } };
    await page.goto(HOST);
    await page.getByRole("button", { name: "Une question ?" }).click();
    await ask(page, "comment créer un ticket zendesk ?");
  });
});

test("on a slow line the launcher is there first, and a question is answered once", async () => {
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(FOREIGN);
    const line = await page.context().newCDPSession(page);
    await line.send("Network.enable");
    // A telephone far from the city: half a second there and back, 50 kB in a second.
    await line.send("Network.emulateNetworkConditions", { offline: false, latency: 500, downloadThroughput: 50_000, uploadThroughput: 20_000 });
    await host(page, "");
    await launcher(page).click();
    await ask(page, "comment créer un ticket zendesk ?");
    assert.equal(await visitors(page).count(), 1);
    assert.equal(await assistants(page).count(), 1);
  });
});

test("an origin that is not allowed gets no answer", async () => {
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(FOREIGN, /blocked by CORS policy/, /ERR_FAILED/);
    await host(page, "", {}, OTHER);
    await launcher(page).click();
    await field(page).fill("bonjour");
    await field(page).press("Enter");
    await page.locator(".note", { hasText: "En attente du réseau" }).waitFor();
    assert.equal(await assistants(page).count(), 0);
  });
});

test("a portal with a key of its own is answered at its address, and no other page is", async () => {
  const script = `<script src="${guichet}/s/sud/guichet.js"></script>`;
  served = { body: `<!doctype html><html lang="fr"><title>Portail du Sud</title><main><h1>Portail</h1></main>${script}</html>`, headers: { "content-security-policy": POLICY } };
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(FOREIGN);
    /** @type {string[]} */
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(OTHER);
    await launcher(page).click();
    await ask(page, "comment créer un ticket zendesk ?");
    await page.reload();
    await launcher(page).click();
    await assistants(page).first().waitFor();
    const outside = asked.filter((path) => path.startsWith("/api/"));
    assert.deepEqual(outside, [], "everything goes below the address of the site");
  });
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(FOREIGN, /blocked by CORS policy/, /ERR_FAILED/);
    await page.goto(HOST);
    await launcher(page).click();
    await field(page).fill("bonjour");
    await field(page).press("Enter");
    await page.locator(".note", { hasText: "En attente du réseau" }).waitFor();
    assert.equal(await assistants(page).count(), 0);
  });
});

test("resets of the host page do not reach the chat", async () => {
  const resets = `<style>
    html { font-size: 6px; color: red; direction: ltr; letter-spacing: 4px; text-transform: uppercase }
    * { all: unset !important; display: inline !important; opacity: .2 }
    body, body * { transform: scale(.5); filter: blur(2px); pointer-events: none !important; visibility: hidden; }
    button, textarea, .message, dialog { display: none !important; position: static !important }
    guichet-chat { display: none !important; position: fixed; contain: strict; width: 0; height: 0; overflow: hidden }
  </style>`;
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(FOREIGN);
    await host(page, "");
    const look = async () => {
      await launcher(page).waitFor();
      const closed = await launcher(page).boundingBox();
      await launcher(page).click();
      await ask(page, "comment créer un ticket zendesk ?");
      // The panel slides in: it is measured where it comes to rest.
      await still(page);
      const open = await page.getByRole("dialog").boundingBox();
      const style = await assistants(page).first().evaluate((node) => {
        const { fontSize, letterSpacing, textTransform, color, visibility, pointerEvents } = getComputedStyle(node);
        return { fontSize, letterSpacing, textTransform, color, visibility, pointerEvents };
      });
      await page.evaluate(() => localStorage.clear());
      return { closed, open, style };
    };
    const plain = await look();
    await host(page, resets);
    assert.deepEqual(await look(), plain);
    await screenshot(page, "hostile");
  });
});

test("what the host page adds to prototypes is in no message", async () => {
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(FOREIGN);
    await page.addInitScript(() => {
      Object.assign(Object.prototype, { href: "https://mal.example/", code: true, option: "do:ticket", entry: "x", text: "pollué", session: 1, page: "", open: "" });
    });
    await host(page, "");
    await launcher(page).click();
    const bubble = await ask(page, "comment créer un ticket zendesk ?");
    assert.equal(await bubble.getAttribute("data-decision"), "answer");
    assert.equal(await bubble.locator("a[href*=mal], code, .link").count(), 0);
  });
});

test("in a frame, and in one that may keep nothing", async () => {
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(FOREIGN, /blocked by CORS policy/, /ERR_FAILED/);
    await host(page, "");
    await page.goto(`${HOST}frames`);
    const same = page.frameLocator("[name=same]");
    await launcher(same).click();
    const box = same.getByRole("textbox", { name: "Votre question" });
    await box.fill("bonjour");
    await box.press("Enter");
    await same.locator("[data-author=assistant]").waitFor();

    // Without an origin it may not talk to the service, and says so instead of breaking.
    const alone = page.frameLocator("[name=alone]");
    await launcher(alone).click();
    await alone.getByRole("textbox", { name: "Votre question" }).fill("bonjour");
    await alone.getByRole("textbox", { name: "Votre question" }).press("Enter");
    await alone.locator(".note", { hasText: "En attente du réseau" }).waitFor();
  });
});

test("plain pages: the form without JavaScript, the statement", async () => {
  await withPage({ ...DESKTOP, javaScriptEnabled: false }, async (page, expected) => {
    expected.push(/status of 422/);
    await page.goto(home);
    await page.getByRole("link", { name: "écrivez-nous par ce formulaire" }).click();
    await page.getByLabel("Votre nom").fill("Léa Martin");
    await page.getByLabel("Votre adresse e-mail").fill("lea.martin");
    await page.getByLabel("Objet").fill("<b>Boutique</b>");
    await page.getByRole("button", { name: "Envoyer la demande" }).click();
    await page.getByText("Votre demande n’est pas encore envoyée").waitFor();
    assert.equal(await page.locator("[aria-invalid=true]").count(), 2);
    assert.equal(await page.getByLabel("Objet").inputValue(), "<b>Boutique</b>", "what was typed is kept, as text");
    await screenshot(page, "contact-errors");
    await page.getByLabel("Votre adresse e-mail").fill("lea.martin@societe.example");
    await page.getByLabel("Votre demande").fill("La boutique affiche une page blanche.");
    await page.getByRole("button", { name: "Envoyer la demande" }).click();
    assert.match(await page.locator("main").innerText(), /référence G-\w{4}-\w{4}/);
    await page.reload();
    assert.match(await page.locator("main").innerText(), /référence G-\w{4}-\w{4}/);
  });
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(/status of 422/);
    for (const path of ["contact", "accessibilite", "demo"]) {
      await page.goto(new URL(path, home).href);
      await assertAccessible(page, path);
      await screenshot(page, path);
    }
    await page.goto(new URL("contact", home).href);
    await page.getByRole("button", { name: "Envoyer la demande" }).click();
    await page.getByText("Votre demande n’est pas encore envoyée").waitFor();
    await assertAccessible(page, "contact with errors");
  });
});
