// Signing in to the console at a real provider of identities: who has a role comes in, who has none does not.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { start } from "./knowledge.mjs";
import { startProvider } from "./provider.mjs";

/** @type {Awaited<ReturnType<typeof startProvider>>} */
let provider;
const service = await start(async (url) => {
  provider = await startProvider(`${url}/console/connexion/entreprise/retour`);
  return `
[console]
confirmed_ms = 5000
[console.oidc]
issuer = "${provider.issuer}"
client_id = "guichet"
client_secret = "un-secret-de-test"
public_url = "${url}"
ask = "l’équipe informatique"
[[console.oidc.role]]
value = "conseillers"
role = "agent"
[[console.oidc.role]]
value = "guichet-admins"
role = "admin"
`;
});
// What follows reads the address of the service when it is loaded.
const { at, withConsole } = await import("./console.mjs");
const { DESKTOP, PHONE, artefacts, assertAccessible, assertNoSidewaysScroll, withPage } = await import("./harness.mjs");

after(async () => {
  await service.stop();
  await provider.stop();
});

/** @typedef {import("playwright-core").Page} Page */

const BY_COMPANY = "Se connecter avec le compte de l’entreprise";

/** A browser in which the pages of the provider may be shown. @param {import("playwright-core").BrowserContextOptions} options @param {(page: Page, expected: RegExp[]) => Promise<void>} body */
const withCompany = (options, body) =>
  withPage(options, async (page, expected) => {
    expected.push(new RegExp(`foreign request: ${provider.issuer}/`), new RegExp(`${provider.issuer}/favicon`));
    await body(page, expected);
  });

/** @param {Page} page @param {string} person */
async function signInThere(page, person) {
  await page.getByLabel("Identifiant").fill(person);
  await page.getByRole("button", { name: "Continuer" }).click();
}

// First of all: the link of the first admin works as long as nobody is there.
test("who has a password still signs in with it, and proves it with it", async () => {
  await withConsole(DESKTOP, async (page) => {
    const password = page.getByLabel("Mot de passe", { exact: true });
    while (!(await password.isVisible())) {
      await page.goto(at("/equipe"));
      await page.waitForTimeout(200);
    }
    assert.equal(await page.getByRole("link", { name: /Confirmer avec/ }).count(), 0);
  });
});

test("who has a role signs in by the company and is where she wanted to go", async () => {
  await withCompany(DESKTOP, async (page, expected) => {
    await page.goto(at("/demandes?statut=toutes"));
    await assertAccessible(page, "sign-in with a provider");
    await page.screenshot({ path: `${artefacts}console-sign-in-company.png` });
    await page.getByRole("link", { name: BY_COMPANY }).focus();
    await page.keyboard.press("Enter");
    await signInThere(page, "zoe");
    await page.waitForURL(at("/demandes?statut=toutes"));
    assert.match(await page.locator(".me").innerText(), /Zoé Petit[^]*conseiller/);
    const cookies = await page.context().cookies(at(""));
    const session = cookies.find(({ name }) => name === "guichet_session");
    assert.ok(session?.httpOnly && session.secure && session.sameSite === "Lax");
    assert.equal(cookies.find(({ name }) => name === "guichet_connexion"), undefined, "nothing is left of the way");
    expected.push(/status of 403/);
    const denied = await page.goto(at("/equipe"));
    assert.equal(denied?.status(), 403);
  });
});

test("who signs out is out here, and is told about the company", async () => {
  await withCompany(PHONE, async (page) => {
    await page.goto(at("/connexion"));
    await page.getByRole("link", { name: BY_COMPANY }).click();
    await signInThere(page, "zoe");
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.getByRole("heading", { name: "Connexion" }).waitFor();
    assert.match(await page.getByRole("status").innerText(), /pas encore de votre compte d’entreprise/);
    await assertAccessible(page, "signed out");
    await assertNoSidewaysScroll(page);
    await page.screenshot({ path: `${artefacts}console-signed-out-company.png` });
    await page.goto(at("/demandes"));
    await page.getByRole("heading", { name: "Connexion" }).waitFor();
    // The provider still knows her: nobody is asked.
    await page.getByRole("link", { name: BY_COMPANY }).click();
    await page.waitForURL(at("/demandes"));
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.getByRole("link", { name: "Me déconnecter partout" }).click();
    assert.equal(new URL(page.url()).origin, provider.issuer);
  });
});

test("who has no role is refused and reads whom to ask", async () => {
  await withCompany(DESKTOP, async (page, expected) => {
    expected.push(/status of 403/);
    await page.goto(at("/connexion"));
    await page.getByRole("link", { name: BY_COMPANY }).click();
    await signInThere(page, "luc");
    await page.getByRole("heading", { name: "Connexion impossible" }).waitFor();
    assert.match(await page.getByRole("alert").innerText(), /pas de rôle dans Guichet. Demandez-le à l’équipe informatique/);
    await assertAccessible(page, "no role");
    await page.screenshot({ path: `${artefacts}console-no-role.png` });
    await page.goto(at("/fiches"));
    await page.getByRole("heading", { name: "Connexion", exact: true }).waitFor();
  });
});

test("who gives up there, or comes back with an answer that was used, may begin again", async () => {
  await withCompany(DESKTOP, async (page, expected) => {
    expected.push(/status of 40[03]/);
    await page.goto(at("/connexion"));
    await page.getByRole("link", { name: BY_COMPANY }).click();
    await page.getByRole("link", { name: "Abandonner" }).click();
    assert.match(await page.getByRole("alert").innerText(), /refusée ou abandonnée/);
    await page.getByRole("link", { name: "Recommencer" }).click();
    const back = page.waitForRequest(/entreprise\/retour\?/);
    await signInThere(page, "zoe");
    const used = (await back).url();
    await page.getByRole("button", { name: "Se déconnecter" }).waitFor();
    await page.goto(used);
    assert.match(await page.getByRole("alert").innerText(), /commencée ailleurs ou a trop duré/);
    await page.goto(at("/demandes"));
    await page.getByRole("heading", { name: "Demandes" }).waitFor();
  });
});

test("before something dangerous the company asks again who it is, and nobody else may answer", async () => {
  await withCompany(DESKTOP, async (page, expected) => {
    expected.push(/status of 403/);
    await page.goto(at("/connexion"));
    await page.getByRole("link", { name: BY_COMPANY }).click();
    await signInThere(page, "ines");
    await page.getByRole("button", { name: "Se déconnecter" }).waitFor();
    const confirm = page.getByRole("link", { name: "Confirmer avec le compte de l’entreprise" });
    // She has just proved it: that holds for a while.
    while (!(await confirm.isVisible())) {
      await page.goto(at("/equipe"));
      await page.waitForTimeout(200);
    }
    await assertAccessible(page, "confirm at the provider");
    await page.screenshot({ path: `${artefacts}console-confirm-company.png` });
    await confirm.click();
    await signInThere(page, "zoe");
    assert.match(await page.getByRole("alert").innerText(), /un autre compte/);
    await page.goto(at("/equipe"));
    await confirm.click();
    await signInThere(page, "ines");
    await page.waitForURL(at("/equipe"));
    await page.getByRole("heading", { name: "Équipe" }).waitFor();
    const zoe = page.locator("li", { hasText: "zoe@editeur.example" });
    assert.match(await zoe.innerText(), /conseiller, donné par l’entreprise/);
    assert.equal(await zoe.getByRole("button", { name: "Changer le rôle" }).count(), 0);
    await assertAccessible(page, "team with a provider");
    await page.screenshot({ path: `${artefacts}console-team-company.png`, fullPage: true });
    await page.goto(at("/journal"));
    assert.match(await page.locator(".log").innerText(), /a rejoint l’équipe par le compte de l’entreprise[^]*luc[^]*n’a pas pu se connecter|n’a pas pu se connecter[^]*a rejoint l’équipe/);
  });
});
