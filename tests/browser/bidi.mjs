// A small driver for Firefox by WebDriver BiDi, as far as the smoke test needs it. Debian's Firefox speaks BiDi but not
// yet everything that Playwright asks of it, and geckodriver is in no Debian package of this release.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATIENCE_MS = 15_000;

/** @typedef {{width: number, height: number}} Size */

export class Firefox {
  #next = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  /** What the console and uncaught errors said. @type {string[]} */
  problems = [];
  context = "";

  /** @param {import("node:child_process").ChildProcess} process @param {WebSocket} socket @param {string} profile */
  constructor(process, socket, profile) {
    this.process = process;
    this.socket = socket;
    this.profile = profile;
    socket.addEventListener("message", ({ data }) => this.#heard(JSON.parse(String(data))));
  }

  /** @param {string} path of the browser */
  static async start(path) {
    const profile = await mkdtemp(join(tmpdir(), "guichet-firefox-"));
    const process = spawn(path, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0", "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
    const address = await new Promise((resolve, reject) => {
      let text = "";
      const timer = setTimeout(() => reject(new Error(`Firefox does not start: ${text}`)), 30_000);
      process.stderr?.on("data", (data) => {
        text += data;
        const found = /WebDriver BiDi listening on (ws:\S+)/.exec(text)?.[1];
        if (!found) return;
        clearTimeout(timer);
        resolve(found);
      });
      process.on("exit", () => reject(new Error(`Firefox ended: ${text}`)));
    });
    const socket = new WebSocket(`${address}/session`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error("Firefox does not answer")));
    });
    const firefox = new Firefox(process, socket, profile);
    const { capabilities } = await firefox.send("session.new", { capabilities: {} });
    await firefox.send("session.subscribe", { events: ["log.entryAdded"] });
    firefox.context = (await firefox.send("browsingContext.getTree", {})).contexts[0].context;
    return { firefox, version: capabilities.browserVersion };
  }

  async stop() {
    await this.send("browser.close", {}).catch(() => {});
    this.socket.close();
    this.process.kill();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** @param {any} message */
  #heard(message) {
    if (message.method === "log.entryAdded" && message.params.level === "error") this.problems.push(message.params.text);
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    if (message.type === "error") waiting.reject(new Error(`${message.error}: ${message.message}`));
    else waiting.resolve(message.result);
  }

  /** @param {string} method @param {object} params @returns {Promise<any>} */
  send(method, params) {
    const id = (this.#next += 1);
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** @param {string} url */
  open(url) {
    return this.send("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  reload() {
    return this.send("browsingContext.reload", { context: this.context, wait: "complete" });
  }

  /** @param {Size} viewport */
  resize(viewport) {
    return this.send("browsingContext.setViewport", { context: this.context, viewport });
  }

  /** What `expression` says on the page, which may use `root`, the inside of the chat. @param {string} expression */
  async look(expression) {
    const wrapped = `(() => { const root = document.querySelector("guichet-chat")?.shadowRoot; return JSON.stringify(root ? (${expression}) : null) ?? "null"; })()`;
    const { result, exceptionDetails } = await this.send("script.evaluate", { expression: wrapped, target: { context: this.context }, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  }

  /** Waits until `expression` is true. @param {string} expression */
  async until(expression) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await this.look(expression);
      if (found) return found;
      if (Date.now() > end) throw new Error(`not in ${PATIENCE_MS} ms: ${expression}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Clicks in the middle of the last element that `selector` finds with this name, as a mouse does. @param {string} selector @param {string} name */
  async click(selector, name) {
    const at = await this.until(`(() => {
      const found = [...root.querySelectorAll(${JSON.stringify(selector)})].filter((node) => (node.ariaLabel ?? node.textContent).trim() === ${JSON.stringify(name)} && node.checkVisibility()).at(-1);
      found?.scrollIntoView({ block: "center", behavior: "instant" });
      const box = found?.getBoundingClientRect();
      return box && { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
    })()`);
    const actions = [{ type: "pointerMove", ...at }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
    await this.send("input.performActions", { context: this.context, actions: [{ type: "pointer", id: "mouse", actions }] });
  }

  /** Types, then presses Enter. @param {string} text */
  async type(text) {
    const actions = [...text, "\uE007"].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.send("input.performActions", { context: this.context, actions: [{ type: "key", id: "keys", actions }] });
  }

  /** @returns {Promise<Buffer>} */
  async picture() {
    return Buffer.from((await this.send("browsingContext.captureScreenshot", { context: this.context })).data, "base64");
  }
}
