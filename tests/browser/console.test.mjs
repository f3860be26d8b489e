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
    await page.getByRole("status").waitFor();
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
