// Images in answers: brought by a curator, shown by the chat, and told where they cannot be shown.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { start } from "./knowledge.mjs";

const service = await start();
// What follows reads the address of the service when it is loaded.
const { at, withConsole } = await import("./console.mjs");
const { DESKTOP, PHONE, ask, assertAccessible, assertNoSidewaysScroll, home, screenshot, still, withChat, withPage } = await import("./harness.mjs");

/** What the host page says: set by each test. */
let served = { body: "", policy: "" };
const host = createServer((_, response) => {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": served.policy, "cross-origin-embedder-policy": "require-corp" });
  response.end(served.body);
});

before(() => new Promise((resolve) => host.listen(4999, "localhost", () => resolve(undefined))));
after(() => {
  host.close();
  return service.stop();
});

/** @typedef {import("playwright-core").Page} Page */

const [WIDTH, HEIGHT] = [640, 360];
const WORDS = "La boutique : le menu « Mes clients » est à gauche, sous le logo.";

/** A picture of an invented shop: a bar, a menu, cards. @param {number} shade makes it another one */
function picture(shade) {
  const colour = (/** @type {number} */ x, /** @type {number} */ y) => {
    if (y < 48) return [14, 90, 85];
    if (x < 150) return y % 48 > 16 && y % 48 < 32 && x > 20 && x < 120 ? [90, 140, 135] : [227, 240, 237];
    return x % 160 > 20 && y % 150 > 60 ? [245, 243, 238] : [255, 255, shade];
  };
  const rows = Buffer.concat(
    Array.from({ length: HEIGHT }, (_, y) => Buffer.from([0, ...Array.from({ length: WIDTH }, (_, x) => colour(x, y)).flat()])),
  );
  const chunk = (/** @type {string} */ name, /** @type {Buffer} */ content) => {
    const [length, sum, body] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.concat([Buffer.from(name), content])];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** Pastes or drops a file into the answer. @param {Page} page @param {"paste" | "drop"} how @param {string} name @param {Buffer} content */
const give = (page, how, name, content) =>
  page.locator("#answer").evaluate((field, { how, name, content }) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(content), (char) => char.charCodeAt(0))], name));
    const event = how === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    field.dispatchEvent(event);
  }, { how, name, content: content.toString("base64") });

/** How wide each image of the preview really is. @param {Page} page */
const drawn = (page) => page.locator("#preview img").evaluateAll((images) => images.map((image) => /** @type {HTMLImageElement} */ (image).naturalWidth));

test("a curator chooses, pastes and drops images, says what they show, and publishes", async () => {
  await withConsole(DESKTOP, async (page, expected) => {
    await page.goto(at("/nouvelle-fiche"));
    await page.locator("#question").fill("Où trouver mes clients dans la boutique ?");
    await page.locator("#category").fill("Boutique");
    await page.locator("#variants").fill("menu de mes clients boutique\nmes clients dans la boutique");
    const answer = page.locator("#answer");
    await answer.fill("Suivez ces étapes :\n\n1. Ouvrez la boutique.\n2. Cliquez sur **Mes clients**.");
    await answer.evaluate((/** @type {HTMLTextAreaElement} */ field) => field.setSelectionRange(30, 30));
    const told = page.locator("#image-told");
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Image" }).click();
    await (await choosing).setFiles({ name: "Écran d’accueil.png", mimeType: "image/png", buffer: picture(200) });
    await told.getByText("L’image est dans la réponse").waitFor();
    assert.match(await answer.inputValue(), /boutique\.\n\n {3}!\[\]\(ecran-d-accueil-[0-9a-f]{8}\.png\)\n\n?2\. /, "inside its step");
    const preview = page.locator("#preview");
    await preview.getByText("n’a pas de texte de remplacement").waitFor();
    await page.keyboard.type(WORDS);
    await preview.getByRole("img", { name: WORDS }).waitFor();
    await page.waitForFunction(() => /** @type {HTMLImageElement | null} */ (document.querySelector("#preview img"))?.naturalWidth === 640);
    assert.equal(await preview.locator("ol").count(), 1, "one list");
    await assertAccessible(page, "editor with an image");
    await screenshot(page, "image-editor");

    await answer.press("Control+End");
    await give(page, "paste", "image.png", picture(10));
    await page.waitForFunction(() => document.querySelectorAll("#preview img").length === 2);
    await page.keyboard.type("Un exemple");
    await give(page, "drop", "deposee.png", picture(20));
    await page.waitForFunction(() => document.querySelectorAll("#preview img").length === 3);
    await page.keyboard.type("Un autre");
    await page.waitForFunction(() => [...document.querySelectorAll("#preview img")].every((image) => /** @type {HTMLImageElement} */ (image).naturalWidth > 0));
    assert.deepEqual(await drawn(page), [WIDTH, WIDTH, WIDTH]);

    expected.push(/status of 422/);
    await give(page, "drop", "faux.png", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"));
    await told.getByText("Ce fichier n’est pas une image PNG, JPEG, WebP ou GIF.").waitFor();
    await give(page, "drop", "grand.png", Buffer.alloc(1_000_001));
    await told.getByText("L’image dépasse 1").waitFor();
    assert.equal(await page.locator("#preview img").count(), 3);
    // The first one is enough.
    await answer.fill((await answer.inputValue()).split("\n").filter((line) => !/Un (exemple|autre)/.test(line)).join("\n").trim());
    await page.getByRole("button", { name: "Publier", exact: true }).click();
    await page.locator("#publication:not(:has(.progress)) .state", { hasText: "en service" }).waitFor({ timeout: 60_000 });
    await page.goto(at("/journal?q=image.brought"));
    await page.getByText("a ajouté l’image").first().waitFor();
  });
});

/** Asks, and waits until the image has come. @param {Page} page */
async function shown(page) {
  const bubble = await ask(page, "mes clients dans la boutique");
  const image = bubble.getByRole("img", { name: WORDS });
  await image.waitFor();
  return image;
}

test("the chat reserves its place, shows it, opens it, and writes it into the transcript", async () => {
  await withChat(DESKTOP, async (page, expected, context) => {
    // The page that browsers make around an image has styles of its own, which no policy of ours needs to let pass.
    expected.push(/style-src-attr/, /Applying inline style/);
    /** @type {() => void} */
    let letCome = () => {};
    const held = new Promise((resolve) => (letCome = () => resolve(undefined)));
    await page.route("**/images/*", async (route) => {
      await held;
      await route.continue();
    });
    const image = await shown(page);
    await still(page);
    const before = await image.boundingBox();
    assert.ok(before && Math.abs(before.width / before.height - WIDTH / HEIGHT) < 0.02, "its place is there before it is");
    letCome();
    await page.waitForFunction(() => /** @type {HTMLImageElement | null} */ (document.querySelector("guichet-chat")?.shadowRoot?.querySelector(".body img"))?.naturalWidth === 640);
    assert.deepEqual(await image.boundingBox(), before, "nothing moves when it comes");
    assert.equal(await image.getAttribute("loading"), "lazy");
    await assertAccessible(page, "answer with an image");
    await screenshot(page, "image");

    const link = page.getByRole("link", { name: WORDS });
    const opened = context.waitForEvent("page");
    await link.click();
    const whole = await opened;
    await whole.waitForLoadState();
    assert.match(whole.url(), /\/images\/[0-9a-f]{32}\.png$/);
    assert.equal(await whole.evaluate(() => document.querySelector("img")?.naturalWidth), WIDTH);
    await whole.close();

    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Autres actions" }).click();
    await page.getByRole("button", { name: "Télécharger la conversation" }).click();
    const text = await readFile(await (await downloading).path(), "utf8");
    assert.match(text.replaceAll("\u00a0", " "), new RegExp(`sous le logo\\. \\(${home}images/[0-9a-f]{32}\\.png\\)`));
  });
  await withChat(PHONE, async (page) => {
    await shown(page);
    await assertNoSidewaysScroll(page);
    await screenshot(page, "image-phone");
  });
});

/** A page of another origin, which guichet.toml allows, with a policy of its own. @param {Page} page @param {string} images */
async function visit(page, images) {
  const own = new URL(home).origin;
  served = {
    policy: `default-src 'none'; script-src ${own}; style-src ${own}; connect-src ${own}; img-src ${images}; base-uri 'none'; require-trusted-types-for 'script'`,
    body: `<!doctype html><html lang="fr"><head><title>Portail</title></head><body><main><h1>Portail</h1></main><script src="${own}/guichet.js"></script></body></html>`,
  };
  await page.goto("http://localhost:4999/");
  await page.getByRole("button", { name: "Aide" }).click();
}

test("a page of another origin shows images when its policy names the service, and their words otherwise", async () => {
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(/^foreign request/);
    await visit(page, new URL(home).origin);
    await shown(page);
    await page.waitForFunction(() => /** @type {HTMLImageElement | null} */ (document.querySelector("guichet-chat")?.shadowRoot?.querySelector(".body img"))?.naturalWidth === 640);
  });
  await withPage(DESKTOP, async (page, expected) => {
    expected.push(/^foreign request/, /img-src/, /ERR_BLOCKED_BY_CSP/);
    await visit(page, "'none'");
    const bubble = await ask(page, "mes clients dans la boutique");
    await bubble.getByRole("link", { name: WORDS }).waitFor();
    await bubble.getByText(WORDS).waitFor();
    assert.equal(await bubble.getByRole("img").count(), 0);
    await screenshot(page, "image-forbidden");
  });
});
