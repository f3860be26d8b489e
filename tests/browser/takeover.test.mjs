// Somebody of the staff takes a chat over: two pages, the partner's and the agent's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { at, withConsole } from "./console.mjs";
import { DESKTOP, PHONE, artefacts, assertAccessible, assertNoSidewaysScroll, field, home } from "./harness.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} partner @param {string} text */
async function say(partner, text) {
  await field(partner).fill(text);
  await field(partner).press("Enter");
  await partner.locator("[data-author=visitor]", { hasText: text }).last().waitFor();
}

/** A partner's page, on which `question` was asked and answered. @param {import("playwright-core").BrowserContext} context @param {string} question */
async function asking(context, question) {
  const partner = await context.newPage();
  await partner.goto(home);
  await field(partner).waitFor();
  await say(partner, question);
  await partner.locator("[data-author=assistant]").first().waitFor();
  return partner;
}

/** A word that tells one run from another; digits would be the number of a contract. */
const word = () => [...String(Date.now())].map((digit) => "bcdfghjklm"[Number(digit)]).join("");

/** The page of the conversation that was asked `text`. @param {Page} page @param {string} text */
async function open(page, text) {
  await page.goto(at("/conversations"));
  await page.getByRole("link", { name: text }).first().click();
  await page.locator("#fil").waitFor();
}

test("an agent takes a chat over, writes, inserts an entry, and gives it back", async () => {
  await withConsole(DESKTOP, async (page, _expected, context) => {
    const question = `comment créer un ticket zendesk ? ${word()}`;
    const partner = await asking(context, question);

    await page.goto(at("/conversations"));
    await assertAccessible(page, "conversations");
    await page.screenshot({ path: `${artefacts}console-conversations.png`, fullPage: true });
    await open(page, question);
    await assertAccessible(page, "conversation");
    await page.getByRole("button", { name: "Prendre la conversation" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Vous répondez").waitFor();
    await partner.locator("[data-author=assistant]", { hasText: "Inès, de l’équipe d’assistance, a rejoint" }).waitFor();

    const said = partner.locator("[data-author=assistant]");
    const before = await said.count();
    await say(partner, "Je n’y arrive toujours pas.");
    await page.locator("#fil .visitor", { hasText: "toujours pas" }).waitFor();
    await page.getByLabel("Votre message au partenaire").focus();
    await page.keyboard.type("Bonjour, voici la marche à suivre.");
    await page.keyboard.press("Control+Enter");
    const told = partner.locator("[data-author=agent]");
    await told.first().waitFor();
    assert.match(await told.first().innerText(), /Inès[^]*marche à suivre/);
    await page.locator("#fil .agent").first().waitFor();

    await page.getByLabel("Votre message au partenaire").focus();
    await page.keyboard.press("/");
    await page.getByLabel("Chercher une fiche").fill("créer un ticket zendesk");
    await page.locator("#reponses-types button").first().waitFor();
    await assertAccessible(page, "canned answers");
    await page.screenshot({ path: `${artefacts}console-conversation.png`, fullPage: true });
    await page.locator("#reponses-types button").first().press("Enter");
    assert.match(await page.getByLabel("Votre message au partenaire").inputValue(), /Fiche\u00a0: /);
    await page.keyboard.press("Control+Enter");
    await told.nth(1).waitFor();

    await page.getByText("Laisser une note interne").click();
    await page.getByLabel("Votre note").fill("Rappeler demain.");
    await page.getByRole("button", { name: "Enregistrer la note" }).click();
    await page.locator("#fil .note").waitFor();
    assert.equal(await said.count(), before, "Guichet is silent");
    assert.equal(await told.count(), 2, "a note is not for the partner");
    await partner.screenshot({ path: `${artefacts}chat-with-a-person.png` });

    await page.getByRole("button", { name: "Consulter le portail" }).click();
    await page.locator("#dossier").getByText(/prouvé qui il est|portail/).waitFor();

    await page.getByRole("button", { name: "Rendre à Guichet" }).click();
    await partner.locator("[data-author=assistant]", { hasText: "Inès a quitté la conversation" }).waitFor();
    await say(partner, "merci");
    await partner.waitForFunction((count) => document.querySelector("guichet-chat")?.shadowRoot?.querySelectorAll("[data-author=assistant]").length === count, before + 2);
    await page.getByRole("button", { name: "Prendre la conversation" }).waitFor();
  });
});

test("each side sees that the other one writes, and nothing of what", async () => {
  await withConsole(DESKTOP, async (page, _expected, context) => {
    const question = `où trouver les clés ? ${word()}`;
    const partner = await asking(context, question);
    await open(page, question);
    await page.getByRole("button", { name: "Prendre la conversation" }).click();
    const message = page.getByLabel("Votre message au partenaire");
    await message.waitFor();
    await partner.locator("[data-author=assistant]", { hasText: "a rejoint" }).waitFor();

    await message.pressSequentially("Un instant");
    const sign = partner.locator(".writes");
    await sign.getByText("Inès écrit…").waitFor();
    assert.doesNotMatch((await partner.locator("guichet-chat").innerText()) ?? "", /instant/);
    await assertAccessible(partner, "an agent writes");
    await partner.screenshot({ path: `${artefacts}chat-agent-writes.png` });
    await page.keyboard.press("Control+Enter");
    await partner.locator("[data-author=agent]", { hasText: "Un instant" }).waitFor();
    await sign.waitFor({ state: "hidden" });

    await field(partner).pressSequentially("Merci");
    await page.getByText("Le partenaire écrit…").waitFor();
    await assertAccessible(page, "a partner writes");
    await page.screenshot({ path: `${artefacts}console-partner-writes.png`, fullPage: true });
    await field(partner).press("Enter");
    await page.locator("#fil .visitor", { hasText: "Merci" }).waitFor();
    await page.getByText("Le partenaire écrit…").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Rendre à Guichet" }).click();
    await page.getByRole("button", { name: "Prendre la conversation" }).waitFor();
  });
});

test("a conversation is answered on a phone", async () => {
  await withConsole(PHONE, async (page, _expected, context) => {
    const question = `où trouver les clés ? ${word()}`;
    const partner = await asking(context, question);
    await page.goto(at("/conversations"));
    await assertNoSidewaysScroll(page);
    await open(page, question);
    await page.getByRole("button", { name: "Prendre la conversation" }).click();
    await page.getByLabel("Votre message au partenaire").fill("Je regarde avec vous.");
    await page.getByRole("button", { name: "Envoyer" }).click();
    await partner.locator("[data-author=agent]").waitFor();
    await assertNoSidewaysScroll(page);
    await assertAccessible(page, "conversation on a phone");
    await page.screenshot({ path: `${artefacts}console-conversation-phone.png`, fullPage: true });
    await page.getByRole("button", { name: "Rendre à Guichet" }).click();
    await page.getByRole("button", { name: "Prendre la conversation" }).waitFor();
  });
});
