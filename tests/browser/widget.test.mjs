// The chat on a page of somebody else: its launcher, its options, its events.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE, ask, assertAccessible, assertTargets, assistants, field, focused, home, screenshot, still, withPage } from "./harness.mjs";

const demo = new URL("demo", home).href;
/**
 * A dialog that closes gives the focus back a moment after it is hidden.
 *
 * @param {import("playwright-core").Page} page
 * @param {RegExp} name
 */
async function focusComesTo(page, name) {
  for (let look = 0; look < 100 && !name.test(await focused(page)); look += 1) await page.waitForTimeout(50);
  assert.match(await focused(page), name);
}

/** @param {import("playwright-core").Page} page */
const launcher = (page) => page.getByRole("button", { name: /^Aide/ });
/** @param {import("playwright-core").Page} page */
const panel = (page) => page.getByRole("dialog", { name: /Guichet.*Assistance Lumen/ });

test("nothing but the launcher is loaded before the chat is opened", async () => {
  await withPage(DESKTOP, async (page) => {
    /** @type {string[]} */
    const loaded = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(demo);
    await launcher(page).waitFor();
    await assertAccessible(page, "launcher");
    assert.ok(!loaded.some((path) => /^\/(chat|texts|more|api\/v1\/(conv|inc))/.test(path)), loaded.join(" "));
    const before = loaded.length;
    await launcher(page).click();
    await field(page).waitFor();
    assert.deepEqual(loaded.slice(before).sort(), ["/api/v1/incidents", "/chat.css", "/chat.js", "/identity.js"], "opening the chat is three files and one question");
    await assertAccessible(page, "panel");
    await screenshot(page, "widget-open");
  });
});

test("the focus goes into the panel and comes back", async () => {
  await withPage(DESKTOP, async (page) => {
    await page.goto(demo);
    await launcher(page).focus();
    await page.keyboard.press("Enter");
    await field(page).waitFor();
    await assert.doesNotReject(page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.id === "field"));
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "hidden" });
    await focusComesTo(page, /^Aide/);

    const link = page.getByRole("link", { name: "Besoin d’aide ?" });
    await link.focus();
    await page.keyboard.press("Enter");
    await panel(page).waitFor();
    await page.getByRole("button", { name: "Fermer", exact: true }).click();
    await panel(page).waitFor({ state: "hidden" });
    await focusComesTo(page, /^Besoin d’aide \?$/);
    assert.equal(page.url(), demo, "the link did not lead away");
  });
});

test("Escape closes the list, then the menu, then the panel", async () => {
  await withPage(DESKTOP, async (page) => {
    await page.goto(demo);
    await launcher(page).click();
    await field(page).pressSequentially("zendesk");
    const list = page.getByRole("listbox");
    await list.waitFor();
    await assertAccessible(page, "suggestions");
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
    const more = page.getByRole("button", { name: "Autres actions" });
    await more.click();
    await page.getByRole("button", { name: "Oublier cette conversation" }).waitFor();
    await assertAccessible(page, "menu");
    await page.keyboard.press("Escape");
    assert.equal(await more.getAttribute("aria-expanded"), "false");
    assert.equal(await focused(page), "Autres actions");
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "hidden" });
  });
});

test("the host page hears events and has a small API", async () => {
  await withPage(DESKTOP, async (page) => {
    await page.goto(demo);
    await launcher(page).waitFor();
    await page.evaluate(() => {
      globalThis.heard = [];
      globalThis.off = window.guichet?.on("answer", (detail) => globalThis.heard.push(detail));
      window.guichet?.open();
    });
    await ask(page, "comment créer un ticket zendesk ?");
    assert.deepEqual(await page.evaluate(() => globalThis.heard), [{ decision: "answer", sources: ["zendesk-creer-demande"] }]);
    await page.evaluate(() => (globalThis.off(), window.guichet?.close()));
    await panel(page).waitFor({ state: "hidden" });
    const events = await page.locator("#events li").allInnerTexts();
    assert.deepEqual(events.map((text) => text.split(" ")[0]), ["guichet:close", "guichet:answer", "guichet:open"]);
    await page.evaluate(() => window.guichet?.toggle());
    await panel(page).waitFor();
    await ask(page, "résiliation");
    assert.equal(await page.evaluate(() => globalThis.heard.length), 1, "off means off");
  });
});

test("phone: the panel covers the page and holds the focus", async () => {
  await withPage(PHONE, async (page) => {
    await page.goto(demo);
    await launcher(page).tap();
    await panel(page).waitFor();
    await still(page);
    const box = await panel(page).boundingBox();
    assert.deepEqual(box, { x: 0, y: 0, width: 390, height: 844 });
    await ask(page, "comment créer un ticket zendesk ?");
    await assertTargets(page, 44);
    await assertAccessible(page, "phone");
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press("Tab");
      const inside = await page.evaluate(() => !document.activeElement || /GUICHET-CHAT|BODY/.test(document.activeElement.tagName));
      assert.ok(inside, "the page behind is out of reach");
    }
    await screenshot(page, "widget-phone");
    await page.getByRole("button", { name: "Fermer", exact: true }).tap();
    await panel(page).waitFor({ state: "hidden" });
  });
});

test("English interface, texts of the host page, dark theme, left side", async () => {
  await withPage(DESKTOP, async (page) => {
    await page.route("**/embed", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><html lang="en"><title>Portal</title><body><main><h1>Portal</h1></main>
          <script src="/guichet.js" data-position="left" data-theme="dark" data-text-title="Ask Corvin" data-text-welcome="Welcome back"></script></body></html>`,
      }),
    );
    await page.goto(new URL("embed", home).href);
    await page.getByRole("button", { name: "Help" }).click();
    await page.getByRole("textbox", { name: "Your question" }).waitFor();
    await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    await page.getByRole("button", { name: "Talk to an advisor" }).click();
    await assistants(page).first().waitFor();
    const dialog = page.getByRole("dialog", { name: "Ask Corvin" });
    assert.equal((await dialog.boundingBox())?.x, 20);
    await assertAccessible(page, "dark");
    await screenshot(page, "widget-english-dark");
  });
});
