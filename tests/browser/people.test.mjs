// What the law gives people, in the console: what is kept of somebody is shown, handed out, removed.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { at, withConsole } from "./console.mjs";
import { DESKTOP, PHONE, artefacts, assertAccessible, assertNoSidewaysScroll, home, staff } from "./harness.mjs";

/** A request of somebody, by the form without JavaScript; its reference. @param {string} email */
async function request(email) {
  const form = { name: "Léa Martin", email, company: "Société Dupond", subject: "Page blanche", description: "La boutique reste blanche depuis ce matin.", urgency: "normal", website: "" };
  const response = await fetch(`${home}contact`, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  const reference = /G-\w{4}-\w{4}/.exec(response.headers.get("location") ?? "")?.[0];
  assert.ok(reference, `a reference (${response.status})`);
  return reference;
}

test("what is kept of a person is shown, handed out, and removed once nobody works on it", async () => {
  const email = `lea.${Date.now()}@societe.example`;
  const reference = await request(email);
  await withConsole(DESKTOP, async (page, expected) => {
    await page.goto(at("/personnes"));
    await assertAccessible(page, "people");
    const find = async () => {
      await page.getByLabel("Adresses e-mail").fill(email);
      await page.getByRole("button", { name: "Chercher" }).click();
      await page.waitForLoadState();
    };
    await find();
    assert.equal(page.url(), at("/personnes"), "who it is about is in no address");
    assert.match(await page.locator("main").innerText(), new RegExp(`La demande ${reference} n’est pas résolue`));
    await assertAccessible(page, "what is kept");
    await page.screenshot({ path: `${artefacts}console-people.png`, fullPage: true });

    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Exporter tout" }).click();
    const written = await readFile(await (await download).path(), "utf8");
    assert.ok(JSON.parse(written).tables.tickets.length === 1 && written.includes("Léa Martin"));
    assert.ok(!(await download).suggestedFilename().includes("lea"));

    await staff(`tickets/${reference}`, { status: "solved" }, "PATCH");
    await find();
    await page.getByLabel(/Effacer pour de bon/).check();
    await page.getByRole("button", { name: "Effacer", exact: true }).click();
    assert.match(await page.getByRole("status").innerText(), /C’est effacé/);
    await assertAccessible(page, "erased");
    await find();
    assert.match(await page.getByRole("status").innerText(), /Rien n’est gardé/);

    expected.push(/status of 422/);
    await page.getByLabel("Adresses e-mail").fill("léa");
    await page.getByRole("button", { name: "Chercher" }).click();
    assert.match(await page.getByRole("alert").innerText(), /léa/);

    await page.goto(at("/journal?q=person."));
    const log = await page.locator(".log").innerText();
    assert.match(log, /a effacé les données d’une personne[^]*a exporté les données d’une personne/);
    assert.ok(!log.includes(email), "the log does not say who it was");
  });
});

test("the page of people on a phone", async () => {
  const email = `luc.${Date.now()}@societe.example`;
  await request(email);
  await withConsole(PHONE, async (page) => {
    await page.goto(at("/personnes"));
    await page.getByLabel("Adresses e-mail").fill(email);
    await page.getByRole("button", { name: "Chercher" }).click();
    await page.getByRole("heading", { name: /Ce qui est gardé/ }).waitFor();
    await assertNoSidewaysScroll(page);
    await assertAccessible(page, "what is kept, on a phone");
  });
});
