// Who is signed in on the portal's page, against the running service and its invented portal.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, ask, assertAccessible, assistants, home, plain, screenshot, withPage } from "./harness.mjs";

const QUESTION = "Pourquoi le contrat de Garage Martin n'a pas été réabonné ?";
const READ = /^Données du portail lues à \d{1,2} h \d{2}$/;

/** The lines under the last answer. @param {import("playwright-core").Page} page */
const sources = async (page) => (await assistants(page).last().locator(".sources p").allInnerTexts()).map(plain);

test("a signed-in user is told facts of the portal, a stranger none", async () => {
  await withPage(DESKTOP, async (page) => {
    await page.clock.install();
    await page.goto(new URL("demo", home).href);
    await page.getByLabel("Connecté en tant que").selectOption("U-12");
    await page.getByRole("button", { name: "Aide", exact: true }).click();
    const told = await ask(page, QUESTION);
    assert.match(await told.locator(".body").innerText(), /FA\d/, "the number of an invoice, which only the portal knows");
    const lines = await sources(page);
    assert.match(lines[0] ?? "", /^Fiche : .*, mise à jour le /);
    assert.ok(lines.some((line) => READ.test(line)), lines.join("\n"));
    await assertAccessible(page, "facts");
    await screenshot(page, "facts");

    // The proof runs out: the page is asked for another one, and the conversation goes on.
    await page.clock.fastForward("09:30");
    const [proven] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith("/identity") && response.request().method() === "PUT"),
      page.waitForRequest("**/demo/identities"),
      ask(page, QUESTION),
    ]);
    assert.ok(proven.ok(), `${proven.status()}`);
    assert.equal(await assistants(page).count(), 2);
    assert.ok((await sources(page)).some((line) => READ.test(line)));

    // Signed out: what was said is somebody else's, and the same question gets no facts.
    await page.getByLabel("Connecté en tant que").selectOption("");
    await page.getByText("Bonjour", { exact: true }).first().waitFor();
    while (await assistants(page).count()) await page.waitForTimeout(50);
    const stranger = await ask(page, QUESTION);
    assert.doesNotMatch(await stranger.locator(".body").innerText(), /FA\d/);
    assert.ok(!(await sources(page)).some((line) => READ.test(line)));
  });
});

test("a signed-in user gets a code for Discord and undoes what it linked", async () => {
  await withPage(DESKTOP, async (page) => {
    await page.goto(new URL("demo", home).href);
    const link = page.getByRole("button", { name: "Lier mon compte Discord" });
    assert.equal(await link.count(), 0, "nobody is signed in");
    await page.getByLabel("Connecté en tant que").selectOption("U-12");
    await link.click();
    const told = page.locator("#linking");
    await told.getByText(/^Dans Discord, tapez \/lier code:\w{4}-\w{4} avant \d{2}:\d{2}\. Ce code ne sert qu’une fois\.$/).waitFor();
    await assertAccessible(page, "a code for Discord");
    await page.getByRole("button", { name: "Délier mes comptes" }).click();
    await told.getByText("Aucun compte n’était relié.").waitFor();
  });
});

test("what is forgotten goes from every page that shows it", async () => {
  await withPage(DESKTOP, async (page, _, context) => {
    await page.goto(new URL("demo", home).href);
    await page.getByLabel("Connecté en tant que").selectOption("U-12");
    await page.getByRole("button", { name: "Aide", exact: true }).click();
    const told = await ask(page, QUESTION);
    assert.match(await told.locator(".body").innerText(), /FA\d/);
    const other = await context.newPage();
    await other.addInitScript(() => sessionStorage.setItem("demo-user", "U-12"));
    await other.goto(new URL("demo", home).href);
    await other.getByRole("button", { name: /^Aide/ }).click();
    await assistants(other).first().waitFor();
    assert.match(await assistants(other).first().innerText(), /FA\d/);

    await ask(page, "oublie ce client");
    for (const shown of [page, other]) {
      await assistants(shown).nth(1).waitFor();
      while (/FA\d/.test(await assistants(shown).first().innerText())) await shown.waitForTimeout(50);
      assert.equal(await assistants(shown).count(), 2, "each answer is there once");
      assert.equal(await assistants(shown).first().getByText("Garage Martin").count(), 0);
    }
    await assertAccessible(page, "forgotten facts");
    await screenshot(page, "forgotten");
  });
});
