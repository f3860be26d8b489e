// Prints the size of each file of the chat as it is served, compressed; fails above the budgets.
//   node sizes.mjs http://127.0.0.1:8080

import { gzipSync } from "node:zlib";

const LOADER = 2_000;
/** What a French page loads in all: the launcher, then what the first opening loads. */
const TOTAL = 15_000;
/** The words of the other language come on top, on English pages only. */
const ENGLISH = 900;
const FILES = ["guichet.js", "chat.js", "chat.css", "texts.en.js"];

const base = process.argv[2];
if (!base) throw new Error("give the address of a running Guichet");
let total = 0;
for (const name of FILES) {
  const response = await fetch(new URL(name, base));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const size = gzipSync(bytes, { level: 9 }).length;
  if (name !== "texts.en.js") total += size;
  else if (size > ENGLISH) throw new Error(`the English words weigh ${size} bytes, ${ENGLISH} are allowed`);
  console.log(`${name.padEnd(12)} ${String(bytes.length).padStart(6)} bytes, gzip ${String(size).padStart(5)}`);
  if (name === "guichet.js" && size > LOADER) throw new Error(`the loader weighs ${size} bytes, ${LOADER} are allowed`);
}
console.log(`${"French page".padEnd(12)} ${" ".repeat(6)}        gzip ${String(total).padStart(5)} of ${TOTAL}`);
if (total > TOTAL) throw new Error(`the chat weighs ${total} bytes, ${TOTAL} are allowed`);
