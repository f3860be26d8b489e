// Prints what the chat costs as it is served: bytes of each file, requests, time of the main thread; fails above the
// budgets.
//   node sizes.mjs http://127.0.0.1:8080
//   CHROMIUM      the browser that measures; without one, bytes only

import { existsSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KILO = 1000;
/** The launcher, on every page of the portal. */
const LOADER = 2 * KILO;
/** What a page loads in all when the chat is first opened: the launcher, then the chat. */
const FIRST = 15 * KILO;
/** The words of the other language come on top, on English pages only. */
const ENGLISH = 0.9 * KILO;
/** What is loaded later, when it is needed: the menu, votes, files, the form; who is signed in. */
const LATER = 7.5 * KILO;
/** Requests of the first opening: script, style sheet, incidents, and who is signed in, as on the demo page. */
const REQUESTS = 4;
/** Work of the main thread at the first opening: scripts, styles, layout. Its own time, whatever else the machine does. */
const MAIN_THREAD_MS = 150;

const FIRST_FILES = ["guichet.js", "chat.js", "chat.css"];
const ENGLISH_FILES = ["texts.en.js"];
const LATER_FILES = ["more.js", "more.css", "identity.js", "texts.en.more.js"];

const base = process.argv[2];
if (!base) throw new Error("give the address of a running Guichet");

/** @type {string[]} */
const over = [];
/** @param {string} what @param {number} value @param {number} budget @param {string} unit */
function hold(what, value, budget, unit) {
  console.log(`${what.padEnd(34)} ${String(value).padStart(6)} of ${budget} ${unit}`);
  if (value > budget) over.push(what);
}

/** @param {string[]} names */
async function weigh(names) {
  let total = 0;
  for (const name of names) {
    const response = await fetch(new URL(name, base), { headers: { "Accept-Encoding": "gzip" } });
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    if (response.headers.get("content-encoding") !== "gzip") throw new Error(`${name} is not sent compressed`);
    const bytes = Buffer.from(await response.arrayBuffer());
    const size = gzipSync(bytes, { level: 9 }).length;
    total += size;
    console.log(`  ${name.padEnd(32)} ${String(bytes.length).padStart(6)} bytes, gzip ${String(size).padStart(5)}`);
  }
  return total;
}

const loader = await weigh(FIRST_FILES.slice(0, 1));
const chat = await weigh(FIRST_FILES.slice(1));
hold("launcher", loader, LOADER, "bytes");
hold("launcher and first opening", loader + chat, FIRST, "bytes");
hold("English words on top", await weigh(ENGLISH_FILES), ENGLISH, "bytes");
const later = await weigh(LATER_FILES);
hold("loaded when it is needed", later, LATER, "bytes");
console.log(`${"everything, in both languages".padEnd(34)} ${String(loader + chat + later).padStart(6)} bytes`);

const path = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (existsSync(path)) await measure();
else console.log("requests and main thread: not measured, Chromium is absent");
if (over.length) throw new Error(`over budget: ${over.join(", ")}`);

async function measure() {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: path, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
  try {
    const page = await (await browser.newContext({ locale: "fr-FR" })).newPage();
    const client = await page.context().newCDPSession(page);
    await client.send("Performance.enable", { timeDomain: "threadTicks" });
    const busy = async () => (await client.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
    await page.goto(new URL("demo", base).href);
    const launcher = page.getByRole("button", { name: "Aide" });
    await launcher.waitFor();
    // What the page itself still does is not the chat's.
    await page.waitForTimeout(500);
    let requests = 0;
    page.on("request", () => (requests += 1));
    const before = await busy();
    await launcher.click();
    await page.getByRole("textbox", { name: "Votre question" }).waitFor();
    await page.waitForTimeout(500);
    hold("requests of the first opening", requests, REQUESTS, "");
    hold("main thread of the first opening", Math.round((await busy() - before) * KILO), MAIN_THREAD_MS, "ms");
  } finally {
    await browser.close();
  }
}
