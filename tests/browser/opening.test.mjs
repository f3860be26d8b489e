// Opening hours in the console: tried, set, heard by partners at once, taken back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { at, withConsole } from "./console.mjs";
import { DESKTOP, PHONE, artefacts, assertAccessible, assertNoSidewaysScroll } from "./harness.mjs";

/** @typedef {import("playwright-core").Page} Page */

const text = async (/** @type {import("playwright-core").Locator} */ place) => (await place.innerText()).replaceAll("\u00a0", " ");

/** @param {Page} page @param {string} name */
async function press(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForLoadState();
}

test("hours are tried, then set, and can be put back", async () => {
  await withConsole(DESKTOP, async (page, expected) => {
    const preview = page.getByRole("complementary", { name: "Aperçu" });
    await page.goto(at("/horaires?quand=2026-11-24T15:00"));
    assert.match(await text(preview), /Aujourd’hui : ouvert jusqu’à 18 h\./);
    assert.equal(await preview.locator(".openings li").count(), 10);
    await assertAccessible(page, "hours");

    await page.getByLabel("mardi").fill("8h30-12h et 13h30-19h");
    await page.getByLabel("Autres jours de fermeture").fill("25/11/2026");
    await press(page, "Aperçu");
    assert.match(await text(page.getByRole("status")), /rien n’est encore changé/);
    assert.match(await text(preview), /ouvert jusqu’à 19 h\./);
    assert.match(await text(preview.locator(".openings li").nth(1)), /^jeudi 26 novembre, de 9 h à 12 h 30$/);
    await assertAccessible(page, "hours that are tried");
    await page.screenshot({ path: `${artefacts}console-hours.png`, fullPage: true });
    await page.goto(at("/horaires?quand=2026-11-24T15:00"));
    assert.match(await text(preview), /ouvert jusqu’à 18 h\./, "nothing was changed");

    expected.push(/status of 422/);
    await page.getByLabel("mardi").fill("12h-9h");
    await press(page, "Enregistrer");
    assert.match(await text(page.getByRole("alert")), /mardi : « 12:00-9:00 » n’est pas une plage/);
    await assertAccessible(page, "hours that are refused");
    await page.getByLabel("mardi").fill("8:30-19:00");
    await press(page, "Enregistrer");
    assert.match(await text(page.getByRole("status")), /en vigueur/);
    await page.goto(at("/horaires?quand=2026-11-24T18:30"));
    assert.match(await text(preview), /ouvert jusqu’à 19 h\./);
    assert.match(await text(page.getByRole("listitem").filter({ hasText: "en vigueur" })), /par Inès Moreau/);

    await press(page, "Revenir à la configuration");
    await page.goto(at("/horaires?quand=2026-11-24T18:30"));
    assert.match(await text(preview), /fermé\. Prochaine ouverture : demain à 9 h/);
    await page.getByRole("link", { name: /Reprendre dans le formulaire/ }).last().click();
    assert.equal(await page.getByLabel("mardi").inputValue(), "08:30-19:00");
    await page.goto(at("/journal?q=setting."));
    assert.match(await text(page.locator(".log")), /a changé le réglage opening[^]*tuesday = \["08:30-19:00"\]/);
  });
});

test("hours on a phone", async () => {
  await withConsole(PHONE, async (page) => {
    await page.goto(at("/horaires"));
    await assertNoSidewaysScroll(page);
    await assertAccessible(page, "hours on a phone");
  });
});

test("all sections of an admin stand on one line", async () => {
  await withConsole(DESKTOP, async (page) => {
    await page.goto(at("/demandes"));
    const tops = await page.locator("nav a").evaluateAll((links) => links.map((link) => Math.round(link.getBoundingClientRect().top)));
    assert.ok(tops.length > 10);
    assert.equal(new Set(tops).size, 1, `at 1280 pixels: ${tops}`);
    await page.screenshot({ path: `${artefacts}console-menu.png` });
  });
});
