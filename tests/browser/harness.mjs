// What the browser tests share: a real Chromium against a running server.
//   GUICHET_URL   its address; it runs with the settings of guichet.toml
//   CHROMIUM      the browser's path when it is not /usr/bin/chromium

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const base = process.env.GUICHET_URL;
if (!base) throw new Error("GUICHET_URL is required: the address of a running Guichet, e.g. http://127.0.0.1:8080");

export const home = new URL("/", base).href;
export const artefacts = fileURLToPath(new URL("artefacts/", import.meta.url));
export const DESKTOP = { viewport: { width: 1280, height: 800 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

const settings = await readFile(new URL("guichet.toml", import.meta.url), "utf8");
const secret = /secret = "(.*)"/.exec(settings)?.[1];
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").BrowserContext} Context */

/** @type {import("playwright-core").Browser} */
let browser;
/** axe adds a style element of its own, which the policy of our pages refuses. */
let isAuditing = false;

before(async () => {
  await mkdir(artefacts, { recursive: true });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
});

/**
 * Runs `body` in a fresh profile, then fails on any console error, uncaught exception, CSP violation or request to
 * another origin.
 *
 * @param {import("playwright-core").BrowserContextOptions} options
 * @param {(page: Page, expected: RegExp[], context: Context) => Promise<void>} body
 */
export async function withPage(options, body) {
  const context = await browser.newContext({ locale: "fr-FR", ...options });
  try {
    /** @type {string[]} */
    const problems = [];
    /** What a test provokes on purpose. @type {RegExp[]} */
    const expected = [];
    await context.exposeFunction("__violation", (/** @type {string} */ text) => isAuditing || problems.push(`CSP: ${text}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        globalThis.__violation(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    context.on("page", (page) => {
      page.setDefaultTimeout(15_000);
      page.on("pageerror", (error) => problems.push(`uncaught: ${error.stack}`));
      page.on("console", (message) => {
        const { url } = message.location();
        if (message.type() === "error" && !(isAuditing && /inline style/.test(message.text())) && !/favicon\.ico$/.test(url)) problems.push(`${message.text()} (${url})`);
      });
      page.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== new URL(home).origin && protocol.startsWith("http")) problems.push(`foreign request: ${request.url()}`);
      });
    });
    await body(await context.newPage(), expected, context);
    assert.deepEqual(problems.filter((text) => !expected.some((pattern) => pattern.test(text))), []);
  } finally {
    await context.close();
  }
}

/**
 * The same on the chat's own page.
 * @param {import("playwright-core").BrowserContextOptions} options
 * @param {(page: Page, expected: RegExp[], context: Context) => Promise<void>} body
 */
export function withChat(options, body) {
  return withPage(options, async (page, expected, context) => {
    const response = await page.goto(home);
    assert.equal(response?.status(), 200);
    const policy = response?.headers()["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'self'/, "the page is served with a content security policy");
    assert.doesNotMatch(policy, /unsafe-inline/);
    await field(page).waitFor();
    await body(page, expected, context);
  });
}

/** @param {Page} page */
export const field = (page) => page.getByRole("textbox", { name: "Votre question" });
/** @param {Page} page */
export const visitors = (page) => page.locator("[data-author=visitor]");
/** @param {Page} page */
export const assistants = (page) => page.locator("[data-author=assistant]");

/** @param {Page} page @param {number} count answers expected on the page */
export async function answer(page, count) {
  const bubble = assistants(page).nth(count - 1);
  await bubble.waitFor();
  assert.equal(await assistants(page).count(), count);
  assert.notEqual((await bubble.locator(".body").innerText()).trim(), "", "the answer says something");
  return bubble;
}

/** @param {string} text */
export const plain = (text) => text.replaceAll("\u00a0", " ");

/** What a bubble of the visitor says, with plain spaces. @param {import("playwright-core").Locator} bubble */
export const said = async (bubble) => plain((await bubble.locator(".text").textContent()) ?? "");

/** @param {Page} page @param {string} text */
export async function ask(page, text) {
  const known = await assistants(page).count();
  await field(page).fill(text);
  await field(page).press("Enter");
  return answer(page, known + 1);
}

/** Says all that makes a ticket; gives its reference. @param {Page} page */
export async function askForTicket(page) {
  const known = await assistants(page).count();
  await page.getByRole("button", { name: "Parler à un conseiller" }).click();
  await answer(page, known + 1);
  await ask(page, "La boutique affiche une page blanche depuis ce matin");
  await ask(page, "Léa Martin, lea.martin@societe.example, société Dupond");
  await page.getByRole("button", { name: "Envoyer", exact: true }).first().click();
  const done = await answer(page, known + 4);
  const reference = /G-\w{4}-\w{4}/.exec(await done.innerText())?.[0];
  assert.ok(reference, "the ticket has a reference");
  return reference;
}

/** Asks the staff API. @param {string} path @param {unknown} body @param {string} [method] */
export async function staff(path, body, method = "POST") {
  const response = await fetch(`${home}api/v1/staff/${path}`, {
    method,
    headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, `${path}: ${response.status} ${await response.text()}`);
}

/** Every rule of WCAG 2.2 A and AA, and axe's own good practices. @param {Page} page @param {string} state */
export async function assertAccessible(page, state) {
  await still(page);
  isAuditing = true;
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(" | ")}`);
  });
  // What the console says of it may arrive a little later.
  await page.waitForTimeout(100);
  isAuditing = false;
  assert.deepEqual(found, [], state);
}

/** @param {Page} page */
export async function assertNoSidewaysScroll(page) {
  const overflow = await page.evaluate(() => {
    const log = document.querySelector("guichet-chat")?.shadowRoot?.querySelector("[role=log]");
    return Math.max(document.documentElement.scrollWidth - innerWidth, (log?.scrollWidth ?? 0) - (log?.clientWidth ?? 0));
  });
  assert.ok(overflow <= 0, `nothing overflows sideways (by ${overflow} px)`);
}

/** @param {Page} page @param {number} least px */
export async function assertTargets(page, least) {
  const small = await page.locator("guichet-chat").locator("button:not(.link, .copy)").evaluateAll(
    (buttons, least) =>
      buttons
        .filter((button) => button.checkVisibility())
        .map((button) => ({ text: button.textContent || button.ariaLabel, box: button.getBoundingClientRect() }))
        .filter(({ box }) => box.width < least || box.height < least)
        .map(({ text }) => text),
    least,
  );
  assert.deepEqual(small, [], `every button is at least ${least} px wide and high`);
}

/** The text of the element that has the focus, inside shadow roots too. @param {Page} page */
export const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
  });

/** Waits until nothing moves. @param {Page} page */
export const still = (page) =>
  page.evaluate(() =>
    Promise.all(
      [document, document.querySelector("guichet-chat")?.shadowRoot]
        .flatMap((root) => root?.getAnimations() ?? [])
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => {})),
    ),
  );

/** @param {Page} page @param {string} name */
export async function screenshot(page, name) {
  await still(page);
  await page.screenshot({ path: `${artefacts}${name}.png` });
}
