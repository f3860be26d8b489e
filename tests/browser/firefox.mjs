// The main flows in Debian's Firefox: ask, choose, vote, ticket, reload; panel and whole page, desktop and phone.
//   GUICHET_URL   the address of a running Guichet
//   FIREFOX       the browser's path when it is not /usr/bin/firefox-esr

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Firefox } from "./bidi.mjs";

const base = process.env.GUICHET_URL;
if (!base) throw new Error("GUICHET_URL is required: the address of a running Guichet");
const artefacts = fileURLToPath(new URL("artefacts/", import.meta.url));
await mkdir(artefacts, { recursive: true });
const { firefox, version } = await Firefox.start(process.env.FIREFOX ?? "/usr/bin/firefox-esr");

/** @param {string} name */
const keep = async (name) => writeFile(`${artefacts}firefox-${name}.png`, await firefox.picture());
/** @param {number} count */
const answers = (count) => firefox.until(`root.querySelectorAll("[data-author=assistant]").length === ${count}`);
const LAST = `[...root.querySelectorAll("[data-author=assistant]")].at(-1)`;

try {
  for (const [name, size] of Object.entries({ desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } })) {
    await firefox.resize(size);
    await firefox.open(new URL("demo", base).href);
    await firefox.click("button", "Aide");
    await firefox.until(`root.activeElement?.id === "field"`);
    await firefox.type("comment créer un ticket zendesk ?");
    await answers(1);
    assert.match(await firefox.look(`${LAST}.querySelector(".sources").textContent`), /^Fiche\u00a0: /);
    await firefox.click(".vote button", "Oui");
    await firefox.until(`root.querySelector(".vote [aria-pressed=true]")?.textContent === "Oui"`);

    await firefox.click("textarea", "");
    await firefox.type("résiliation");
    await answers(2);
    const option = await firefox.look(`${LAST}.querySelector(".choices .choice")?.textContent`);
    assert.ok(option, "an ambiguous question offers entries");
    await firefox.click(".choice", option);
    await answers(3);

    await firefox.click("button", "Parler à un conseiller");
    await answers(4);
    await firefox.type("La boutique affiche une page blanche depuis ce matin");
    await answers(5);
    await firefox.type("Léa Martin, lea.martin@societe.example, société Dupond");
    await answers(6);
    await firefox.click(".choice", "Envoyer");
    await answers(7);
    const reference = /G-\w{4}-\w{4}/.exec(await firefox.look(`${LAST}.textContent`))?.[0];
    assert.ok(reference, "the ticket has a reference");
    await keep(name);

    await firefox.reload();
    await answers(7);
    await firefox.click("button", "Aide");
    await firefox.until(`root.querySelector("dialog").open`);
    assert.ok((await firefox.look("root.textContent")).includes(reference), "the conversation is still there");
    assert.equal(await firefox.look("document.documentElement.scrollWidth > innerWidth"), false);
    await firefox.click("button", "Autres actions");
    await firefox.click("button", "Oublier cette conversation");
    await firefox.click("button", "Oublier\u00a0: êtes-vous sûr\u00a0?");
    await answers(0);
  }
  assert.deepEqual(firefox.problems, []);
  console.log(`Firefox ${version}: ask, vote, choose, ticket, reload, forget; desktop and phone`);
} finally {
  await firefox.stop();
}
