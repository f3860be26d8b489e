// What the tests of the console share: an admin who came in by the link that `guichet serve` printed.
//   GUICHET_FIRST_LINK  that link

import assert from "node:assert/strict";
import { home, withPage } from "./harness.mjs";

export const ADMIN = { name: "Inès Moreau", email: "ines.moreau@editeur.example", password: "trois canards verts" };

/** @typedef {import("playwright-core").Page} Page */

/** @param {string} path */
export const at = (path) => new URL(`/console${path}`, home).href;

/** Signs in; the first time, by the link. @param {Page} page */
export async function signIn(page) {
  await page.goto(at("/connexion"));
  await page.getByLabel("Adresse e-mail").fill(ADMIN.email);
  await page.getByLabel("Mot de passe").fill(ADMIN.password);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.waitForLoadState();
  if (!page.url().includes("/connexion")) return;
  const link = process.env.GUICHET_FIRST_LINK;
  assert.ok(link, "GUICHET_FIRST_LINK is required: the link that `guichet serve` prints at its first start");
  await page.goto(link);
  await page.getByLabel("Votre nom").fill(ADMIN.name);
  await page.getByLabel("Adresse e-mail").fill(ADMIN.email);
  await page.getByLabel("Mot de passe (").fill(ADMIN.password);
  await page.getByLabel("Le même mot de passe").fill(ADMIN.password);
  await page.getByRole("button", { name: "Entrer" }).click();
  await page.getByRole("button", { name: "Se déconnecter" }).waitFor();
}

/**
 * A page of somebody who has signed in.
 * @param {import("playwright-core").BrowserContextOptions} options
 * @param {(page: Page, expected: RegExp[], context: import("playwright-core").BrowserContext) => Promise<void>} body
 */
export const withConsole = (options, body) =>
  withPage(options, async (page, expected, context) => {
    // The page that says that the password is wrong is what the browser calls an error, the first time.
    expected.push(/status of 422/);
    await signIn(page);
    await body(page, expected, context);
  });
