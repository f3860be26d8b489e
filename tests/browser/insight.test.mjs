// What staff learn from questions: gaps, the test bench, figures.

import assert from "node:assert/strict";
import { test } from "node:test";
import { at, withConsole } from "./console.mjs";
import { DESKTOP, PHONE, artefacts, ask, assertAccessible, assertNoSidewaysScroll, field, home } from "./harness.mjs";

const ASKED = ["Où trouver le logo officiel de la licorne ?", "je cherche le logo licorne officiel", "logo licorne officiel svp"];

test("a question without an answer becomes a wording of an entry, in a draft", async () => {
  await withConsole(DESKTOP, async (page, _expected, context) => {
    const partner = await context.newPage();
    for (const question of ASKED) {
      await partner.goto(home);
      await field(partner).waitFor();
      await ask(partner, question);
      await partner.evaluate(() => localStorage.clear());
    }
    await page.goto(at("/lacunes"));
    await assertAccessible(page, "gaps");
    await page.screenshot({ path: `${artefacts}insight-gaps.png`, fullPage: true });
    const subject = page.locator(".subjects > li", { hasText: /licorne/ }).first();
    assert.match(await subject.innerText(), /\d+.questions[^]*nouveau/);
    await subject.locator("a").first().click();
    await page.getByRole("heading", { name: "Que faire" }).waitFor();
    await assertAccessible(page, "a gap");
    await page.screenshot({ path: `${artefacts}insight-gap.png`, fullPage: true });
    assert.equal(await page.locator(".wordings > li").count(), 3, "as many as there are wordings");
    await page.getByLabel("Formulation 3").fill("logo de la licorne");
    await page.locator("button.choice").first().click();
    await page.getByText("Les formulations sont dans le brouillon").waitFor();
    assert.equal(await page.locator(".subjects > li", { hasText: /licorne/ }).count(), 0, "it is done with");
    await assertAccessible(page, "after a gap");
  });
});

/** A word that nobody has used, and that can be said. */
const word = () => Array.from({ length: 4 }, () => "bdfgklmnprtv"[Math.floor(Math.random() * 12)] + "aeiou"[Math.floor(Math.random() * 5)]).join("");

test("gaps on a phone", async () => {
  await withConsole(PHONE, async (page, _expected, context) => {
    const partner = await context.newPage();
    await partner.goto(home);
    await field(partner).waitFor();
    const asked = `le ${word()} ne marche pas dans mon ${word()}`;
    await ask(partner, asked);
    await page.goto(at("/lacunes?jours=7"));
    await assertNoSidewaysScroll(page);
    await page.screenshot({ path: `${artefacts}insight-gaps-phone.png`, fullPage: true });
    await page.locator(".subjects > li a", { hasText: asked }).first().click();
    await page.getByRole("heading", { name: "Que faire" }).waitFor();
    await assertNoSidewaysScroll(page);
    await assertAccessible(page, "a gap on a phone");
    await page.screenshot({ path: `${artefacts}insight-gap-phone.png`, fullPage: true });
    await page.getByRole("button", { name: "Ignorer ces questions" }).click();
    await page.getByText("ne seront plus montrées").waitFor();
  });
});

test("the bench says what is made of a question, and who takes whose questions", async () => {
  await withConsole(DESKTOP, async (page) => {
    await page.goto(at("/essai"));
    await assertAccessible(page, "an empty bench");
    await page.getByLabel("Question d’un partenaire").fill("cmt stopper labonnement d'un client ??");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Fiches candidates" }).waitFor();
    const made = await page.locator(".made").innerText();
    assert.match(made, /«\scmt\s» lu «\scomment\s» \(écriture de messagerie\)/);
    assert.match(made, /≈[^\n]*\(synonyme\)/);
    assert.match(made, /formulation \d+ «[^»]*», proximité de sens\s0,\d\d/);
    assert.ok((await page.locator(".bubble").innerText()).length > 20, "the reply is shown");
    await assertAccessible(page, "bench");
    await page.screenshot({ path: `${artefacts}insight-bench.png`, fullPage: true });
    await page.getByRole("link", { name: "Voir les fiches confondues" }).click();
    await page.getByRole("heading", { name: "Paires de fiches" }).waitFor();
    await assertAccessible(page, "confusions");
    await page.screenshot({ path: `${artefacts}insight-confusions.png` });
  });
  await withConsole(PHONE, async (page) => {
    await page.goto(at("/essai?q=resilier+un+contrat"));
    await assertNoSidewaysScroll(page);
    await assertAccessible(page, "bench on a phone");
    await page.goto(at("/essai/confusions"));
    await assertNoSidewaysScroll(page);
  });
});

test("figures of a period, drawn and in tables, and exported", async () => {
  await withConsole(DESKTOP, async (page, _expected, context) => {
    const partner = await context.newPage();
    await partner.goto(home);
    await field(partner).waitFor();
    await ask(partner, "comment créer un ticket zendesk ?");
    await page.goto(at("/statistiques"));
    await assertAccessible(page, "figures");
    await page.screenshot({ path: `${artefacts}insight-figures.png`, fullPage: true });
    assert.match(await page.locator(".tiles > div").first().innerText(), /Questions\s+[1-9]/);
    assert.equal(await page.locator("svg.chart").count(), 2);
    assert.equal(await page.locator("svg.chart > title").first().textContent(), "Questions par jour");
    await page.getByText("En tableau").first().click();
    await page.locator("details[open] td").first().waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Par fiche" }).click();
    assert.match((await download).suggestedFilename(), /^guichet-fiches-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
    await page.getByRole("link", { name: "90 jours" }).click();
    await page.getByRole("heading", { name: "Questions par semaine" }).waitFor();
    await page.getByLabel("Du", { exact: true }).fill("2026-01-01");
    await page.getByLabel("Au", { exact: true }).fill("2026-01-10");
    await page.getByRole("button", { name: "Afficher" }).click();
    await page.getByText("du 01/01/2026 au 10/01/2026").waitFor();
    await assertAccessible(page, "figures of a quiet period");
  });
  await withConsole(PHONE, async (page) => {
    await page.goto(at("/statistiques?jours=7"));
    await assertNoSidewaysScroll(page);
    await assertAccessible(page, "figures on a phone");
    await page.screenshot({ path: `${artefacts}insight-figures-phone.png`, fullPage: true });
  });
});
