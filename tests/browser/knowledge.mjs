// A service of its own over a few entries: what these tests change disturbs no other test, and its index is learnt fast.
//   GUICHET_BIN  the binary; target/debug/guichet when it is not set

import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const park = "entries/fr/la-gestion-de-mon-parc-clients/";
/** Those that rules name are among them. */
const TAKEN = [
  "contacts.toml",
  "rules.fr.toml",
  "small_talk.fr.toml",
  "synonyms.fr.toml",
  "orientations/fr/hors-api-connecteurs.md",
  "entries/fr/acces-aux-autres-espaces/zendesk-creer-demande.md",
  "entries/fr/mon-acces-a-la-boutique/bouton-resiliation-absent.md",
  ...["cles-codes-clients", "cles-delai-commande", "resiliation-demander", "resiliation-confirmation", "resilier-avant-terme", "prime-fidelite-calcul", "reabonnement-verifier", "reabonnement-absent", "reabonnement-facturation", "reabonnement-montant-prochain", "revalorisation-date-effet"].map((id) => `${park}${id}.md`),
];

/**
 * Starts a service; the tests that are loaded afterwards talk to it.
 * @param {(url: string) => Promise<string>} [more] settings, once its address is known
 */
export async function start(more = async () => "") {
  const dir = await mkdtemp(join(tmpdir(), "guichet-knowledge-"));
  const kb = join(dir, "kb");
  for (const file of TAKEN) {
    await mkdir(join(kb, file, ".."), { recursive: true });
    await cp(join(root, "kb", file), join(kb, file));
  }
  const settings = await readFile(new URL("guichet.toml", import.meta.url), "utf8");
  const file = join(dir, "guichet.toml");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await writeFile(file, `${settings}\n[knowledge]\nwatch_ms = 300\n\n[jobs]\npoll_ms = 100\n${await more(url)}`);
  const bin = process.env.GUICHET_BIN ?? join(root, "target/debug/guichet");
  const server = spawn(bin, ["serve", "--config", file, "--kb", kb, "--data-dir", join(dir, "data"), "--listen", `127.0.0.1:${port}`]);
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (part) => (said += part));
  const ended = new Promise((resolve) => server.on("exit", resolve));
  for (let attempt = 0; !(await isReady(url)); attempt++) {
    if (attempt > 900 || server.exitCode !== null) throw new Error(`the service is not ready:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  process.env.GUICHET_URL = url;
  process.env.GUICHET_FIRST_LINK = /http:\/\/\S*jeton=[0-9a-f]*/.exec(said)?.[0];
  return {
    kb,
    /** What it said, for whoever looks for a reason. */
    log: () => said,
    async stop() {
      server.kill();
      await ended;
      await rm(dir, { recursive: true });
    },
  };
}

/** @param {string} url */
async function isReady(url) {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
