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

/** A word that nobody has used. */
const word = () => Array.from({ length: 9 }, () => String.fromCharCode(97 + Math.floor(Math.random() * 26))).join("");

test("gaps on a phone", async () => {
  await withConsole(PHONE, async (page, _expected, context) => {
    const partner = await context.newPage();
    await partner.goto(home);
    await field(partner).waitFor();
    const asked = `${word()} ${word()} ${word()}`;
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
    assert.match(made, /« cmt » lu « comment » \(écriture de messagerie\)/);
    assert.match(made, /≈[^\n]*\(synonyme\)/);
    assert.match(made, /formulation \d+ «[^»]*», proximité de sens 0,\d\d/);
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
