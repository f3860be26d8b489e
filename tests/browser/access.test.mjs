// The chat for everybody: axe on the states of its own page, zoom, forced colours, reduced motion, keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE, answer, ask, askForTicket, assertAccessible, assertNoSidewaysScroll, assertTargets, field, focused, screenshot, withChat } from "./harness.mjs";

test("every state of the page passes axe, light and dark", async () => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await withChat({ ...DESKTOP, colorScheme }, async (page, expected) => {
      expected.push(/status of 503/);
      await assertAccessible(page, `${colorScheme}: welcome`);
      await ask(page, "comment créer un ticket zendesk ?");
      await ask(page, "xyzzy plugh ?");
      await assertAccessible(page, `${colorScheme}: answers`);
      await askForTicket(page);
      await assertAccessible(page, `${colorScheme}: ticket`);
      await page.route("**/messages*", (route) => route.fulfill({ status: 503, json: { detail: "Le service redémarre." } }), { times: 1 });
      await field(page).fill("bonjour");
      await field(page).press("Enter");
      await page.locator(".error").waitFor();
      await assertAccessible(page, `${colorScheme}: failure`);
      await screenshot(page, `page-${colorScheme}`);
    });
  }
});

test("200 % and 400 % zoom lose nothing", async () => {
  // Zooming halves what the page has, in both directions.
  for (const viewport of [{ width: 640, height: 400 }, { width: 320, height: 256 }]) {
    await withChat({ viewport }, async (page) => {
      await ask(page, "comment créer un ticket zendesk ?");
      await assertNoSidewaysScroll(page);
      await assertTargets(page, 24);
      await assertAccessible(page, `zoom ${viewport.width}`);
      const log = await page.getByRole("log").boundingBox();
      assert.ok((log?.height ?? 0) >= 60, "the conversation can still be read");
      await page.getByRole("button", { name: "Parler à un conseiller" }).click();
      await answer(page, 2);
      await screenshot(page, `zoom-${viewport.width}`);
    });
  }
});

test("text of 32 pixels, as some set it, wraps", async () => {
  await withChat(PHONE, async (page) => {
    const client = await page.context().newCDPSession(page);
    await client.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
    await page.reload();
    await ask(page, "comment créer un ticket zendesk ?");
    const size = await page.locator("[data-author=assistant]").evaluate((node) => getComputedStyle(node).fontSize);
    assert.equal(size, "32px", "the reader's own size is taken");
    await assertNoSidewaysScroll(page);
    await screenshot(page, "large-text");
  });
});

test("forced colours and reduced motion", async () => {
  await withChat({ ...DESKTOP, forcedColors: "active", reducedMotion: "reduce" }, async (page) => {
    const bubble = await ask(page, "comment créer un ticket zendesk ?");
    const style = await bubble.evaluate((node) => {
      const { animationName, borderTopStyle } = getComputedStyle(node);
      return { animationName, borderTopStyle };
    });
    assert.deepEqual(style, { animationName: "none", borderTopStyle: "solid" });
    await screenshot(page, "forced-colors");
  });
});

test("all of a ticket with the keyboard", async () => {
  await withChat(DESKTOP, async (page) => {
    /** @param {string} name @param {string} key */
    const reach = async (name, key) => {
      for (let step = 0; step < 15 && (await focused(page)) !== name; step += 1) await page.keyboard.press(key);
      assert.equal(await focused(page), name);
    };
    await reach("Parler à un conseiller", "Tab");
    await page.keyboard.press("Enter");
    await answer(page, 1);
    await page.keyboard.type("La boutique affiche une page blanche");
    await page.keyboard.press("Enter");
    await answer(page, 2);
    await page.keyboard.type("Léa Martin, lea.martin@societe.example, société Dupond");
    await page.keyboard.press("Enter");
    await answer(page, 3);
    await reach("Envoyer", "Shift+Tab");
    await page.keyboard.press("Enter");
    const done = await answer(page, 4);
    assert.match(await done.innerText(), /G-\w{4}-\w{4}/);
  });
});
