// The staff console: what people do with the requests of partners.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN, at, withConsole } from "./console.mjs";
import { DESKTOP, PHONE, artefacts, askForTicket, assertAccessible, assertNoSidewaysScroll, field, home, withPage } from "./harness.mjs";

test("the link lets the first admin in, once", async () => {
  await withConsole(DESKTOP, async (page, expected) => {
    await page.goto(at("/demandes"));
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Demandes");
    expected.push(/status of 409/);
    await page.goto(process.env.GUICHET_FIRST_LINK ?? "");
    assert.match(await page.locator("main").innerText(), /Ce lien a déjà servi/);
  });
});

test("a stranger is asked to sign in, and then is where he wanted to go", async () => {
  await withPage(DESKTOP, async (page, expected) => {
    await page.goto(at("/demandes?statut=toutes"));
    await assertAccessible(page, "sign-in");
    await page.screenshot({ path: `${artefacts}console-sign-in.png` });
    await page.getByLabel("Adresse e-mail").fill(ADMIN.email);
    await page.getByLabel("Mot de passe").fill("quatre canards bleus");
    await page.keyboard.press("Enter");
    expected.push(/status of 422/);
    await page.getByRole("alert").waitFor();
    await assertAccessible(page, "sign-in refused");
    await page.getByLabel("Mot de passe").fill(ADMIN.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Demandes" }).waitFor();
    assert.equal(page.url(), at("/demandes?statut=toutes"));
  });
});

test("an agent answers a request and the partner reads it, without a mouse and on a phone", async () => {
  await withConsole(DESKTOP, async (page, _expected, context) => {
    const partner = await context.newPage();
    await partner.goto(home);
    await field(partner).waitFor();
    const reference = await askForTicket(partner);

    await page.goto(at("/demandes"));
    await assertAccessible(page, "inbox");
    await page.screenshot({ path: `${artefacts}console-inbox.png` });
    await page.getByLabel("Chercher").fill(reference.toLowerCase());
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=/);
    assert.equal(await page.locator(".cards > li").count(), 1);
    await page.locator(".cards a").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(reference));
    await assertAccessible(page, "ticket");

    await page.getByLabel("Votre message").focus();
    await page.keyboard.type("Bonjour, la boutique répond à nouveau.");
    await page.getByLabel("État ensuite").selectOption("pending");
    await page.getByRole("button", { name: "Envoyer" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Votre réponse est envoyée au partenaire.").waitFor();
    await assertAccessible(page, "answered");
    await page.screenshot({ path: `${artefacts}console-ticket.png`, fullPage: true });
    const told = partner.locator("[data-author=agent]");
    await told.waitFor();
    assert.match(await told.innerText(), /Inès Moreau[^]*la boutique répond à nouveau/);

    await page.getByLabel("seulement l’équipe").check();
    await page.getByLabel("Votre message").fill("Vu avec l’hébergeur.");
    await page.getByRole("button", { name: "Envoyer" }).click();
    await page.locator(".said.note").waitFor();
    await page.getByLabel("Attribuée à").fill(ADMIN.name);
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByText("La demande est modifiée.").waitFor();
    assert.match(await page.locator(".history").innerText(), /attribuée[^]*Inès Moreau/);
    assert.equal(await told.count(), 1, "a note is not for the partner");
  });
  await withConsole(PHONE, async (page) => {
    await page.goto(at("/demandes?statut=toutes"));
    await assertNoSidewaysScroll(page);
    await page.locator(".cards a").first().click();
    await page.getByLabel("Attribuée à").waitFor();
    await assertNoSidewaysScroll(page);
    await assertAccessible(page, "ticket on a phone");
    await page.screenshot({ path: `${artefacts}console-ticket-phone.png`, fullPage: true });
  });
});

test("who signs out is out, and a form of before is refused", async () => {
  await withConsole(DESKTOP, async (page, expected) => {
    const old = await page.context().newPage();
    await old.goto(at("/demandes"));
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.getByRole("heading", { name: "Connexion" }).waitFor();
    await page.goto(at("/demandes"));
    await page.getByRole("heading", { name: "Connexion" }).waitFor();
    await page.getByLabel("Adresse e-mail").fill(ADMIN.email);
    await page.getByLabel("Mot de passe").fill(ADMIN.password);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Se déconnecter" }).waitFor();
    expected.push(/status of 403/);
    await old.getByRole("button", { name: "Se déconnecter" }).click();
    await old.getByRole("heading", { name: "Formulaire périmé" }).waitFor();
    await assertAccessible(old, "refusal");
  });
});

test("an admin invites a colleague, who sees only what her role may", async () => {
  await withConsole(DESKTOP, async (page, expected, context) => {
    await page.goto(at("/equipe"));
    await assertAccessible(page, "team");
    const email = `zoe.${Date.now()}@editeur.example`;
    await page.getByLabel("Nom (").fill("Zoé Petit");
    await page.getByLabel("Adresse e-mail").fill(email);
    await page.getByLabel("Rôle", { exact: true }).selectOption("reader");
    await page.getByRole("button", { name: "Inviter" }).click();
    const link = await page.locator(".secret").innerText();
    await assertAccessible(page, "link");
    const other = await /** @type {import("playwright-core").Browser} */ (context.browser()).newContext({ locale: "fr-FR" });
    const zoe = await other.newPage();
    await zoe.goto(link.trim());
    await zoe.getByLabel("Mot de passe (").fill("zoepetit2026");
    await zoe.getByLabel("Le même mot de passe").fill("zoepetit2026");
    await zoe.keyboard.press("Enter");
    assert.match(await zoe.getByRole("alert").innerText(), /nom ou votre adresse/);
    await zoe.getByLabel("Mot de passe (").fill("quatre canards bleus");
    await zoe.getByLabel("Le même mot de passe").fill("quatre canards bleus");
    await zoe.keyboard.press("Enter");
    await zoe.waitForURL(/\/console\/fiches$/);
    await zoe.goto(at("/demandes"));
    await zoe.getByRole("heading", { name: "Accès refusé" }).waitFor();

    await page.goto(at("/equipe"));
    await page.screenshot({ path: `${artefacts}console-team.png`, fullPage: true });
    await page.locator("li", { hasText: email }).getByRole("button", { name: "Retirer Zoé Petit" }).click();
    await page.getByText("Cette personne n’a plus accès à rien.").waitFor();
    await zoe.goto(at("/demandes"));
    await zoe.getByRole("heading", { name: "Connexion" }).waitFor();
    await other.close();

    await page.goto(at(`/journal?q=${encodeURIComponent(email)}`));
    assert.match(await page.locator(".log").innerText(), /a retiré[^]*a invité/);
    await assertAccessible(page, "log");
    await page.screenshot({ path: `${artefacts}console-log.png` });
  });
});

test("an incident is announced and ended, and partners see the banner meanwhile", async () => {
  await withConsole(PHONE, async (page) => {
    const id = `cles-${Date.now()}`;
    await page.goto(at("/incidents"));
    await page.getByLabel("Identifiant").fill(id);
    await page.getByLabel("Titre").fill("Les clés ne se téléchargent plus");
    await page.getByLabel("Ce que l’on sait").fill("Nos équipes y travaillent.");
    await page.getByLabel("Mots").fill("télécharger clé");
    await page.getByRole("button", { name: "Annoncer maintenant" }).click();
    await page.getByText("L’incident est enregistré.").waitFor();
    await assertAccessible(page, "incidents");
    await assertNoSidewaysScroll(page);
    const banners = await (await fetch(new URL("/api/v1/incidents", home))).text();
    assert.match(banners, /Les clés ne se téléchargent plus/);
    await page.getByRole("link", { name: "Les clés ne se téléchargent plus" }).first().click();
    await assertAccessible(page, "incident");
    await assertNoSidewaysScroll(page);
    await page.screenshot({ path: `${artefacts}console-incident-phone.png`, fullPage: true });
    await page.getByRole("button", { name: "Enregistrer et terminer" }).click();
    await page.getByText("L’incident est enregistré.").waitFor();
    assert.doesNotMatch(await (await fetch(new URL("/api/v1/incidents", home))).text(), new RegExp(id));
    await page.goto(at("/envois"));
    assert.match(await page.locator("main").innerText(), /Tout est parti/);
    await assertAccessible(page, "jobs");
  });
});
