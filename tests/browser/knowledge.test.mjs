// The knowledge in the console: written, looked at, published, taken back; each page without a mouse and on a phone.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { start } from "./knowledge.mjs";

const service = await start();
// What follows reads the address of the service when it is loaded.
const { at, withConsole } = await import("./console.mjs");
const { DESKTOP, PHONE, artefacts, assertAccessible, assertNoSidewaysScroll, home } = await import("./harness.mjs");

after(() => service.stop());

/** @typedef {import("playwright-core").Page} Page */

/** How long the gate may take. */
const GATE = 60_000;
/** How soon partners have what is in force. */
const IN_FORCE = 2_000;

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Waits for what becomes of the publication that the page shows. @param {Page} page @param {string} state */
async function becomes(page, state) {
  await page.waitForURL(/\/publications\/[0-9a-f-]+$/);
  const over = page.locator("#publication:not(:has(.progress))");
  await over.locator(".state").waitFor({ timeout: GATE });
  assert.match(await over.innerText(), new RegExp(state));
}

/** The entry that a new conversation is answered with. @param {string} text */
async function answered(text) {
  const post = (/** @type {string} */ path, /** @type {object} */ body, token = "") =>
    fetch(`${home}api/v1/${path}`, { method: "POST", headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) }, body: JSON.stringify(body) });
  const { id, token } = await (await post("conversations", {})).json();
  const reply = await (await post(`conversations/${id}/messages`, { text, client_id: crypto.randomUUID() }, token)).json();
  return JSON.stringify(reply);
}

/** @param {Page} page @param {Record<string, string>} fields */
async function write(page, fields) {
  for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
}

/** Pictures of the guide for curators; with GUICHET_GUIDE they are taken anew. */
const GUIDE = ["knowledge-editor", "knowledge-refused", "knowledge-tried", "knowledge-conflict"];
const images = fileURLToPath(new URL("../../docs/images/", import.meta.url));

/** @param {Page} page @param {string} name @param {boolean} [whole] */
async function picture(page, name, whole = true) {
  await page.screenshot({ path: `${artefacts}${name}.png`, fullPage: whole });
  if (process.env.GUICHET_GUIDE && GUIDE.includes(name)) await page.screenshot({ path: `${images}${name}.png`, clip: { x: 0, y: 0, width: 1280, height: 720 } });
}

test("an entry is written, sent for review, stopped by the gate, mended, published, and answers at once", async () => {
  await withConsole(DESKTOP, async (page, expected) => {
    await page.goto(at("/fiches"));
    await assertAccessible(page, "entries");
    await page.getByRole("link", { name: "Nouvelle fiche" }).click();
    await press(page, "Enregistrer le brouillon");
    await page.getByRole("alert").waitFor();
    expected.push(/status of 422/);
    await assertAccessible(page, "refused entry");
    await write(page, {
      question: "Comment obtenir un badge de parking ?",
      answer: "Demandez-le à l’accueil.",
      variants: "badge parking\nplace de stationnement visiteurs\nje veux garer ma voiture",
      // Another entry answers this one.
      must: "je veux résilier le contrat de mon client",
      category: "Visites",
      reason: "Question de la semaine",
    });
    const preview = page.locator("#preview");
    await preview.getByText("Demandez-le à l’accueil.").waitFor();
    await page.locator("#answer").selectText();
    await page.getByRole("button", { name: "G gras" }).click();
    await preview.locator("strong", { hasText: "Demandez-le" }).waitFor();
    await page.locator("#answer").press("End");
    await page.locator("#answer").pressSequentially("\n\nÉcrivez à {{contact.nulle-part.email}}.");
    await preview.getByText("Le contact « nulle-part » n’existe pas").waitFor();
    await write(page, { answer: "Demandez-le à **l’accueil**.\n\n1. Donnez la plaque de la voiture.\n2. Signez.\n\n<b>Rien</b> d’autre." });
    await preview.getByText("<b>Rien</b> d’autre.").waitFor();
    assert.equal(await preview.locator("b").count(), 0, "what is typed is never markup");
    await assertAccessible(page, "new entry");
    await press(page, "Enregistrer le brouillon");
    await page.getByText("Le brouillon est enregistré.").waitFor();
    await assertAccessible(page, "draft");
    await picture(page, "knowledge-editor", false);
    assert.doesNotMatch(await answered("badge parking"), /badge-parking/, "a draft answers nobody");
    await press(page, "Demander une relecture");
    await page.getByText("La relecture est demandée.").waitFor();
    await page.locator("aside .state.in_review").waitFor();

    await press(page, "Publier");
    await becomes(page, "refusée");
    await assertAccessible(page, "refused publication");
    const thief = await page.locator(".faults").first().innerText();
    assert.match(thief, /je veux résilier le contrat de mon client[^]*Elle est prise par[^]*résilier/);
    await picture(page, "knowledge-refused");

    await page.locator("#publication").getByRole("link", { name: "Comment obtenir un badge de parking" }).first().click();
    await write(page, { must: "où laisser ma voiture quand je viens ?" });
    await press(page, "Essayer");
    await becomes(page, "essai réussi");
    await assertAccessible(page, "tried");
    assert.match(await page.locator("main").innerText(), /questions? réelles?[^]*posées?/);
    await picture(page, "knowledge-tried");
    await press(page, "Publier maintenant");
    await becomes(page, "en service");
    const begun = Date.now();
    while (!/badge/.test(await answered("badge parking"))) assert.ok(Date.now() - begun < IN_FORCE, "it answers within two seconds");
    await assertAccessible(page, "published");
  });
});

test("an older version comes back into force, after a look at what changes", async () => {
  await withConsole(DESKTOP, async (page) => {
    await page.goto(at("/fiches?q=badge"));
    await page.locator(".entries a").first().click();
    await write(page, { answer: "Demandez-le **au gardien**.", reason: "L’accueil a changé" });
    await press(page, "Publier");
    await becomes(page, "en service");
    await page.locator("#publication").getByRole("link", { name: /badge/ }).first().click();
    await page.getByRole("link", { name: "Historique des versions" }).click();
    await assertAccessible(page, "history");
    await picture(page, "knowledge-history");
    const versions = page.locator(".versions > li");
    const older = versions.filter({ hasText: "publiée" }).nth(1);
    await older.getByRole("link", { name: "Revenir à cette version" }).click();
    await page.locator("del", { hasText: "au gardien" }).waitFor();
    await assertAccessible(page, "back");
    await picture(page, "knowledge-back");
    await page.getByRole("button", { name: /Remettre en service/ }).click();
    await becomes(page, "en service");
    assert.match(await answered("badge parking"), /accueil/);
    await page.goto(at("/journal?q=entry"));
    const log = await page.locator(".log").innerText();
    assert.match(log, /a mis en service[^]*a repris une ancienne version de[^]*a enregistré un brouillon de/);
    assert.match(log, /Avant[^]*Après/);
  });
});

test("of two people who write at once nobody loses anything", async () => {
  await withConsole(DESKTOP, async (page, expected, context) => {
    const other = await context.newPage();
    for (const one of [page, other]) await one.goto(at("/fiches/prime-fidelite-calcul"));
    await write(other, { owner: "finances" });
    await press(other, "Enregistrer le brouillon");
    await other.getByText("Le brouillon est enregistré.").waitFor();
    expected.push(/status of 409/);
    // Another field: both are put together.
    await write(page, { variants: `${await page.locator("#variants").inputValue()}\ncombien je touche de fidélité` });
    await press(page, "Enregistrer le brouillon");
    await page.getByText("sont réunies ci-dessous").waitFor();
    await assertAccessible(page, "both put together");
    assert.equal(await page.locator("#owner").inputValue(), "finances");
    await press(page, "Enregistrer le brouillon");
    await page.getByText("Le brouillon est enregistré.").waitFor();
    // The same field: both are shown.
    await other.goto(at("/fiches/prime-fidelite-calcul"));
    await write(other, { question: "Comment se calcule la prime de fidélité ?" });
    await press(other, "Enregistrer le brouillon");
    await other.getByText("Le brouillon est enregistré.").waitFor();
    await write(page, { question: "Où lire le calcul de la prime de fidélité ?" });
    await press(page, "Enregistrer le brouillon");
    await page.getByText("Vous avez changé la même chose").waitFor();
    await assertAccessible(page, "both shown");
    await picture(page, "knowledge-meeting", false);
    assert.match(await page.locator(".meeting").innerText(), /Comment se calcule/);
    assert.match(await page.locator("#question").inputValue(), /Où lire/);
  });
});

test("files and console say two things: both are shown, and somebody chooses", async () => {
  const file = join(service.kb, "entries/fr/la-gestion-de-mon-parc-clients/cles-delai-commande.md");
  await withConsole(DESKTOP, async (page) => {
    await page.goto(at("/fiches/cles-delai-commande"));
    await write(page, { owner: "console" });
    await press(page, "Publier");
    await becomes(page, "en service");
    await writeFile(file, (await readFile(file, "utf8")).replace(/^owner = .*$/m, 'owner = "fichiers"'));
    await page.goto(at("/fiches?sante=conflit"));
    while (!(await page.locator(".entries").count())) await page.reload();
    await page.locator(".entries a").first().click();
    await page.getByRole("link", { name: "comparez et choisissez" }).click();
    await assertAccessible(page, "conflict");
    await picture(page, "knowledge-conflict");
    await page.getByLabel("Fichiers").check();
    await press(page, "Garder ce choix comme brouillon");
    await page.getByText("Votre choix est enregistré").waitFor();
    assert.equal(await page.locator("#owner").inputValue(), "fichiers");
    await press(page, "Publier");
    await becomes(page, "en service");
    await page.goto(at("/fiches/cles-delai-commande"));
    assert.equal(await page.getByRole("alert").count(), 0, "the conflict is over");
  });
});

test("a publication waits for its time, and can be taken back", async () => {
  await withConsole(DESKTOP, async (page) => {
    await page.goto(at("/fiches/resiliation-confirmation"));
    await write(page, { owner: "plus tard" });
    await page.getByText("Publier plus tard").click();
    await write(page, { publish_at: "2031-01-02T08:00", expire_at: "2030-01-02T08:00" });
    await press(page, "Publier");
    await page.getByText("le retrait précède la publication").waitFor();
    await write(page, { expire_at: "2032-01-02T08:00" });
    await press(page, "Publier");
    await page.getByText("Elle attend sa date").waitFor();
    await assertAccessible(page, "scheduled");
    await page.goto(at("/fiches/resiliation-confirmation"));
    const planned = page.getByRole("link", { name: /le 02\/01\/203/ });
    assert.deepEqual(await planned.allInnerTexts(), ["Archivage le 02/01/2032 08:00", "Publication le 02/01/2031 08:00"]);
    for (const name of [/Archivage le/, /Publication le/]) {
      await page.goto(at("/fiches/resiliation-confirmation"));
      await page.getByRole("link", { name }).click();
      await press(page, "Annuler cette publication");
      await page.getByText("Quelqu’un l’a annulée").waitFor();
    }
    await page.goto(at("/publications"));
    await assertAccessible(page, "publications");
    await picture(page, "knowledge-publications");
  });
});

test("other documents are written with the same care, and an entry is archived", async () => {
  await withConsole(DESKTOP, async (page, expected) => {
    await page.goto(at("/textes"));
    await assertAccessible(page, "texts");
    await page.getByRole("link", { name: "Contacts et liens" }).click();
    await assertAccessible(page, "contacts");
    const text = await page.locator("#content").inputValue();
    await page.locator("#content").fill(`${text}\n[contact.parking\n`);
    expected.push(/status of 422/);
    await press(page, "Enregistrer le brouillon");
    await page.getByText(/Ligne \d+/).waitFor();
    await page.locator("#content").fill(`${text}\n[contact.parking]\nlabel = "Parking"\nemail = "parking@editeur.example"\n`);
    await press(page, "Publier");
    await becomes(page, "en service");
    await page.goto(at("/documents/contacts/versions"));
    await page.getByRole("link", { name: /Ce qui a changé/ }).first().click();
    await assertAccessible(page, "comparison");
    await page.goto(at("/documents/contacts/comparer?de=1&a=3"));
    assert.match(await page.locator(".diff").innerText(), /parking/);
    await picture(page, "knowledge-contacts");

    await page.goto(at("/fiches?quoi=orientations"));
    await assertAccessible(page, "orientations");
    await page.locator(".entries a").first().click();
    await page.getByRole("heading", { name: "Aperçu" }).waitFor();
    await assertAccessible(page, "orientation");
    await page.goto(at("/fiches/resiliation-demander/simulation?jour=2027-01-15"));
    assert.ok((await page.locator("tbody tr").count()) > 3);
    await assertAccessible(page, "cases");
    await picture(page, "knowledge-cases", false);

    await page.goto(at("/fiches?q=badge"));
    await page.locator(".entries a").first().click();
    await page.getByRole("link", { name: "Archiver…" }).click();
    await assertAccessible(page, "archive");
    await press(page, "Archiver");
    await becomes(page, "en service");
    assert.doesNotMatch(await answered("badge parking"), /accueil/);
    await page.goto(at("/fiches?statut=archived"));
    assert.equal(await page.locator(".entries > li").count(), 1);
  });
});

test("a reader sees everything and changes nothing; on a phone nothing overflows", async () => {
  await withConsole(DESKTOP, async (page, expected, context) => {
    await page.goto(at("/equipe"));
    await page.getByLabel("Nom (").fill("Zoé Petit");
    await page.getByLabel("Adresse e-mail").fill("zoe.petit@editeur.example");
    await page.getByLabel("Rôle", { exact: true }).selectOption("reader");
    await press(page, "Inviter");
    const link = (await page.locator(".secret").innerText()).trim();
    const browser = /** @type {import("playwright-core").Browser} */ (context.browser());
    const zoe = await (await browser.newContext({ locale: "fr-FR", ...PHONE })).newPage();
    await zoe.goto(link);
    await zoe.getByLabel("Mot de passe (").fill("quatre canards bleus");
    await zoe.getByLabel("Le même mot de passe").fill("quatre canards bleus");
    await zoe.keyboard.press("Enter");
    // The home of a reader is the first page that a reader may open.
    await zoe.waitForURL(at("/fiches"));
    assert.equal(await zoe.getByRole("link", { name: "Nouvelle fiche" }).count(), 0);
    for (const path of ["/fiches", "/fiches/cles-codes-clients", "/documents/entry:cles-codes-clients/versions", "/textes", "/textes/synonyms", "/publications", "/fiches/resiliation-demander/simulation"]) {
      await zoe.goto(at(path));
      await assertNoSidewaysScroll(zoe);
      assert.equal(await zoe.getByRole("button", { name: /Enregistrer|Publier/ }).count(), 0, path);
    }
    await zoe.goto(at("/fiches/cles-codes-clients"));
    assert.ok(await zoe.locator("#answer").isDisabled());
    await zoe.context().close();
  });
  await withConsole(PHONE, async (page) => {
    for (const path of ["/fiches", "/fiches/cles-codes-clients", "/textes/contacts", "/nouvelle-fiche", "/publications"]) {
      await page.goto(at(path));
      await assertNoSidewaysScroll(page);
      await assertAccessible(page, `${path} on a phone`);
    }
    await page.goto(at("/fiches/cles-codes-clients"));
    await picture(page, "knowledge-phone");
  });
});

test("an entry is written, formatted and saved without a mouse", async () => {
  await withConsole(DESKTOP, async (page) => {
    await page.goto(at("/nouvelle-fiche"));
    await page.locator("#question:focus").waitFor();
    await page.keyboard.type("Où poser mon vélo ?");
    for (const key of ["Tab", "Tab"]) await page.keyboard.press(key);
    await page.getByRole("button", { name: "G gras" }).and(page.locator(":focus")).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("button", { name: "I italique" }).and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type("Derrière le bâtiment");
    await page.locator("#preview em", { hasText: "Derrière le bâtiment" }).waitFor();
    await page.getByRole("button", { name: "Enregistrer le brouillon" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Le brouillon est enregistré.").waitFor();
  });
});
