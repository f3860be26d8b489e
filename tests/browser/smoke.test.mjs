// Smoke test of the web chat, in a real Chromium, against a running server:
//   GUICHET_URL=http://127.0.0.1:8080 npm test
// CHROMIUM gives the browser's path when it is not /usr/bin/chromium.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const base = process.env.GUICHET_URL;
if (!base) throw new Error("GUICHET_URL is required: the address of a running Guichet, e.g. http://127.0.0.1:8080");

const home = new URL("/", base).href;
const artefacts = fileURLToPath(new URL("artefacts/", import.meta.url));
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  await mkdir(artefacts, { recursive: true });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});

after(async () => {
  await browser?.close();
});

/**
 * Opens the chat in a fresh profile, runs `body`, then fails on any console
 * error, uncaught exception, CSP violation or request to another origin.
 *
 * @param {import("playwright-core").BrowserContextOptions} options
 * @param {(page: import("playwright-core").Page, expected: RegExp[]) => Promise<void>} body
 */
async function withChat(options, body) {
  const context = await browser.newContext({ locale: "fr-FR", ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    /** @type {string[]} */
    const problems = [];
    /** Console errors a test provokes on purpose. @type {RegExp[]} */
    const expected = [];
    page.on("console", (message) => {
      const { url } = message.location();
      if (message.type() !== "error" || url.endsWith("/favicon.ico")) return;
      problems.push(`${message.text()} (${url})`);
    });
    page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== new URL(home).origin) problems.push(`foreign request: ${request.url()}`);
    });
    await page.exposeFunction("__violation", (/** @type {string} */ text) => problems.push(`CSP: ${text}`));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        globalThis.__violation(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    const response = await page.goto(home);
    assert.equal(response?.status(), 200);
    const policy = response?.headers()["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'self'/, "the page is served with a content security policy");
    assert.doesNotMatch(policy, /unsafe-inline/);
    await field(page).waitFor();
    await body(page, expected);
    assert.deepEqual(problems.filter((text) => !expected.some((pattern) => pattern.test(text))), []);
  } finally {
    await context.close();
  }
}

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
const field = (page) => page.getByRole("textbox", { name: "Votre question" });
/** @param {Page} page */
const visitors = (page) => page.locator("[data-author=visitor]");
/** @param {Page} page */
const assistants = (page) => page.locator("[data-author=assistant]");

/**
 * @param {Page} page
 * @param {number} count answers expected on the page
 */
async function answer(page, count) {
  const bubble = assistants(page).nth(count - 1);
  await bubble.waitFor();
  assert.equal(await assistants(page).count(), count);
  assert.notEqual((await bubble.locator(".guichet-body").innerText()).trim(), "", "the answer says something");
  return bubble;
}

/** @param {string} text */
const plain = (text) => text.replaceAll("\u00a0", " ");

/**
 * What a bubble of the visitor says, with plain spaces.
 *
 * @param {import("playwright-core").Locator} bubble
 */
const said = async (bubble) => plain((await bubble.locator(".guichet-text").textContent()) ?? "");

/** @param {Page} page @param {string} text */
async function ask(page, text) {
  const known = await assistants(page).count();
  await field(page).fill(text);
  await field(page).press("Enter");
  return answer(page, known + 1);
}

/** @param {Page} page */
async function assertNoSidewaysScroll(page) {
  const [content, screen] = await page.evaluate(() => {
    const log = document.querySelector("[role=log]");
    return [Math.max(document.documentElement.scrollWidth, log?.scrollWidth ?? 0), innerWidth];
  });
  assert.ok(content <= screen, `nothing overflows sideways (${content} > ${screen})`);
}

/** @param {Page} page */
async function assertTargets(page) {
  const small = await page.$$eval(".guichet button:not(.guichet-link)", (buttons) =>
    buttons
      .filter((button) => button.checkVisibility())
      .map((button) => ({ text: button.textContent, box: button.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 44 || box.height < 44)
      .map(({ text }) => text),
  );
  assert.deepEqual(small, [], "every button is at least 44 px wide and high");
}

/** @param {Page} page @param {string} name */
async function screenshot(page, name) {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
  await page.screenshot({ path: `${artefacts}${name}.png` });
}

test("desktop: an answer with its source", async () => {
  await withChat({ viewport: DESKTOP }, async (page) => {
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Guichet — Assistance partenaires");
    assert.equal(await page.getByRole("group", { name: "Exemples de questions" }).getByRole("button").count(), 3);
    await assertTargets(page);
    const bubble = await ask(page, "comment créer un ticket zendesk ?");
    assert.match(await bubble.locator(".guichet-body").innerText(), /Zendesk/);
    assert.match(await bubble.locator(".guichet-source").first().innerText(), /^Fiche\u00a0: \S.*/);
    assert.equal(await field(page).inputValue(), "", "the field is emptied once the question is sent");
    const hrefs = await bubble.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    for (const href of hrefs) assert.match(href, /^(https?|mailto|tel):/);
    await assertNoSidewaysScroll(page);
    await screenshot(page, "desktop");
  });
});

test("phone: an ambiguous question", async () => {
  await withChat({ viewport: PHONE, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }, async (page) => {
    const bubble = await ask(page, "résiliation");
    const options = bubble.getByRole("group", { name: "Choix proposés" }).getByRole("button");
    if ((await options.count()) > 0) {
      await assertTargets(page);
      await screenshot(page, "phone-options");
      const label = await options.first().innerText();
      await options.first().tap();
      const chosen = await answer(page, 2);
      assert.equal(await said(visitors(page).last()), plain(label));
      assert.equal(await chosen.getAttribute("data-decision"), "answer", "a chosen option is answered");
    } else {
      assert.equal(await bubble.getAttribute("data-decision"), "answer", "without options, it is an answer");
    }
    await assertNoSidewaysScroll(page);
    await screenshot(page, "phone");
  });
});

test("narrow phone: long words wrap", async () => {
  await withChat({ viewport: { width: 360, height: 640 } }, async (page) => {
    await ask(page, "x".repeat(300));
    await assertNoSidewaysScroll(page);
    await assertTargets(page);
  });
});

test("keyboard only", async () => {
  await withChat({ viewport: DESKTOP }, async (page) => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    const example = await page.getByRole("group", { name: "Exemples de questions" }).getByRole("button").first().innerText();
    // Backwards from the field, which has the focus on arrival.
    for (let step = 0; step < 12 && (await focused()) !== example; step += 1) await page.keyboard.press("Shift+Tab");
    assert.equal(await focused(), example);
    const outline = await page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.activeElement)).outlineStyle);
    assert.equal(outline, "solid", "the focus is visible");
    await page.keyboard.press("Enter");
    await answer(page, 1);
    assert.equal(await said(visitors(page).first()), plain(example));

    // The focus is back in the field: type, break the line, send.
    await page.keyboard.type("bonjour");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("comment créer un ticket zendesk ?");
    assert.equal(await field(page).inputValue(), "bonjour\ncomment créer un ticket zendesk ?");
    await page.keyboard.press("Enter");
    await answer(page, 2);
  });
});

test("suggestions: arrows, Escape, Enter", async () => {
  await withChat({ viewport: DESKTOP }, async (page) => {
    const list = page.getByRole("listbox", { name: "Questions proposées" });
    await field(page).pressSequentially("zendesk");
    await list.waitFor();
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
    assert.equal(await field(page).inputValue(), "zendesk", "Escape closes the list and keeps the text");

    await page.keyboard.press("Backspace");
    await list.waitFor();
    await page.keyboard.press("ArrowDown");
    const active = list.locator("[aria-selected=true]");
    const label = await active.innerText();
    assert.equal(await field(page).getAttribute("aria-activedescendant"), await active.getAttribute("id"));
    await page.keyboard.press("Enter");
    const bubble = await answer(page, 1);
    assert.equal(await said(visitors(page).first()), plain(label));
    assert.equal(await bubble.getAttribute("data-decision"), "answer", "a chosen suggestion is answered");
  });
});

test("markup in a message stays text", async () => {
  await withChat({ viewport: DESKTOP }, async (page) => {
    const hostile = '<img src=x onerror="window.__pwned=1"><script>window.__pwned=1</script> **gras**';
    await ask(page, hostile);
    assert.equal(await visitors(page).first().locator(".guichet-text").textContent(), hostile);
    assert.equal(await page.locator(".guichet-log img, .guichet-log script").count(), 0);
    await page.reload();
    await answer(page, 1);
    assert.equal(await visitors(page).first().locator(".guichet-text").textContent(), hostile);
    assert.equal(await page.locator(".guichet-log img, .guichet-log script").count(), 0);
    assert.equal(await page.evaluate(() => "__pwned" in window), false);
  });
});

test("a reload keeps the conversation, « Nouvelle conversation » clears it", async () => {
  await withChat({ viewport: DESKTOP }, async (page) => {
    await ask(page, "comment créer un ticket zendesk ?");
    const first = await assistants(page).first().innerText();
    await page.reload();
    await answer(page, 1);
    assert.equal(await assistants(page).first().innerText(), first);
    assert.equal(await said(visitors(page).first()), "comment créer un ticket zendesk ?");

    await page.getByRole("button", { name: "Nouvelle conversation" }).click();
    assert.equal(await assistants(page).count(), 0);
    assert.equal(await visitors(page).count(), 0);
    await page.reload();
    await page.getByRole("group", { name: "Exemples de questions" }).waitFor();
    assert.equal(await assistants(page).count(), 0, "the cleared conversation does not come back");
  });
});

test("a failure keeps the text and can be retried", async () => {
  await withChat({ viewport: DESKTOP }, async (page, expected) => {
    expected.push(/status of 503/);
    const pattern = "**/api/v1/conversations/*/messages";
    const detail = "Le service est momentanément indisponible.";
    await page.route(pattern, (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify({ type: "about:blank", title: "Indisponible", status: 503, detail, code: "unavailable" }),
      }),
    );
    await field(page).fill("comment créer un ticket zendesk ?");
    await field(page).press("Enter");
    const retry = page.getByRole("button", { name: "Réessayer" });
    await retry.waitFor();
    assert.match(await page.locator(".guichet-error").innerText(), new RegExp(detail));
    assert.equal(await visitors(page).count(), 1);
    await page.unroute(pattern);
    await retry.click();
    await answer(page, 1);
    assert.equal(await visitors(page).count(), 1, "the question is shown once");
    assert.equal(await page.locator(".guichet-error").count(), 0);
  });
});

test("a conversation the server has forgotten is replaced silently", async () => {
  await withChat({ viewport: DESKTOP }, async (page, expected) => {
    expected.push(/status of 40[14]/);
    await page.evaluate(() => {
      sessionStorage.setItem("guichet.conversation", JSON.stringify({ id: "inconnue", token: "perdu" }));
    });
    await page.reload();
    await page.getByRole("group", { name: "Exemples de questions" }).waitFor();
    await ask(page, "comment créer un ticket zendesk ?");

    // And in the middle of a conversation: the message is sent again, once.
    await page.route(
      "**/api/v1/conversations/*/messages",
      (route) =>
        route.fulfill({
          status: 404,
          contentType: "application/problem+json",
          body: JSON.stringify({ type: "about:blank", title: "Conversation inconnue", status: 404, code: "not_found" }),
        }),
      { times: 1 },
    );
    const session = () => page.evaluate(() => sessionStorage.getItem("guichet.conversation"));
    const old = await session();
    await ask(page, "résiliation");
    assert.notEqual(await session(), old, "a new conversation has been opened");
    assert.equal(await visitors(page).count(), 2);
    assert.equal(await page.locator(".guichet-error").count(), 0);
  });
});
