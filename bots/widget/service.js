// @ts-check
/** The service over HTTP: requests, and the stream of what is said. */

const TIMEOUT_MS = 30_000;
/** The service writes a comment every fifteen seconds: a stream that is silent for longer is dead. */
const SILENCE_MS = 40_000;

/** A failure with a sentence that can be shown as it is; status 0 when no answer came. */
export class Failure extends Error {
  /** @param {number} status @param {string} message @param {number} [wait] seconds until it may be tried again */
  constructor(status, message, wait) {
    super(message);
    this.status = status;
    this.wait = wait;
  }

  /** The conversation is unknown, or no longer ours. */
  get isGone() {
    return this.status === 401 || this.status === 404;
  }

  /** Nothing will change if the same is sent again. */
  get isFinal() {
    return this.status >= 400 && this.status < 500 && ![401, 404, 408, 429].includes(this.status);
  }
}

/**
 * JSON whose objects inherit nothing: what a host page adds to Object.prototype is in no answer.
 * @param {string} raw
 * @returns {any}
 */
export const parse = (raw) =>
  JSON.parse(raw, (_, value) => (value && typeof value === "object" && !Array.isArray(value) ? Object.setPrototypeOf(value, null) : value));

export class Service {
  /** @param {string} base @param {import("./types").Texts} texts */
  constructor(base, texts) {
    this.api = base + "api/v1";
    this.texts = texts;
  }

  /**
   * @param {string} path
   * @param {AbortSignal} signal
   * @param {import("./types").Session | null} [session]
   * @param {object} [body] sent by POST; without one it is a GET
   * @param {string} [method]
   * @returns {Promise<any>}
   */
  async ask(path, signal, session, body, method = body ? "POST" : "GET") {
    /** @type {any} */
    let data = null;
    let response;
    try {
      response = await fetch(this.api + path, {
        ...this.#init(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]), session, body && { "Content-Type": "application/json" }),
        method,
        body: body && JSON.stringify(body),
      });
      if (response.status === 204) return null;
      data = parse(await response.text());
    } catch {
      // No answer, or the error page of a proxy.
      signal.throwIfAborted();
    }
    // A proxy answers for a service that restarts.
    if (!response || (data === null && (response.ok || response.status > 500))) throw new Failure(0, this.texts.offline);
    if (!response.ok) throw new Failure(response.status, data?.detail ?? data?.title ?? this.texts.failed, Number(response.headers.get("Retry-After")));
    return data;
  }

  /**
   * Follows a conversation until `signal`, whatever happens on the way.
   *
   * @param {import("./types").Session} session
   * @param {() => number} last number of the last message seen
   * @param {(message: import("./types").Message) => void} said
   * @param {(isLive: boolean) => void} live
   * @param {AbortSignal} signal
   */
  async follow(session, last, said, live, signal) {
    let pause = 500;
    while (!signal.aborted) {
      const silence = new AbortController();
      let timer = setTimeout(() => silence.abort(), SILENCE_MS);
      try {
        const init = this.#init(AbortSignal.any([signal, silence.signal]), session, { "Last-Event-ID": String(last()) });
        const response = await fetch(`${this.api}/conversations/${session.id}/events`, init);
        if (response.status === 401 || response.status === 404) return;
        if (!response.ok || !response.body) throw new Failure(response.status, "");
        live(true);
        pause = 500;
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let text = ""; ; ) {
          const { value, done } = await reader.read();
          if (done) break;
          clearTimeout(timer);
          timer = setTimeout(() => silence.abort(), SILENCE_MS);
          const events = (text + value).split("\n\n");
          text = events.pop() ?? "";
          for (const event of events) {
            const line = event.split("\n").find((part) => part.startsWith("data:"));
            if (line) said(parse(line.slice(5)));
          }
        }
      } catch {
        // The network is gone, or the service restarts.
      }
      clearTimeout(timer);
      live(false);
      await sleep(pause * (0.5 + Math.random()), signal);
      pause = Math.min(pause * 2, 30_000);
    }
  }

  /**
   * @param {AbortSignal} signal
   * @param {import("./types").Session | null} [session]
   * @param {Record<string, string>} [headers]
   * @returns {RequestInit}
   */
  #init(signal, session, headers) {
    return {
      signal,
      headers: { ...headers, ...(session && { Authorization: "Bearer " + session.token }) },
      cache: "no-store",
      credentials: "omit",
    };
  }
}

/**
 * Waits, less when the network comes back before.
 * @param {number} ms
 * @param {AbortSignal} signal
 */
export function sleep(ms, signal) {
  return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener("abort", resolve, { once: true });
    addEventListener("online", resolve, { once: true });
  });
}
