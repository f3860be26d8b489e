// @ts-check
/**
 * Who the visitor is, as the host page knows it: a function of the page, named by `data-identity`, gives a token that the
 * portal has signed, or nothing. It is asked again before the token runs out. Whether a token is true, the service says.
 */
export class Identity {
  #until = 0;

  /** @param {string} name of the function */
  constructor(name) {
    this.name = name;
  }

  /** The page knows somebody else. */
  expire() {
    this.#until = 0;
  }

  /** @returns {Promise<{token: string, who: string} | null>} */
  async #prove() {
    // Who is nobody now may be somebody a minute later.
    this.#until = performance.now() + 60_000;
    try {
      const token = await /** @type {any} */ (window)[this.name]();
      const { sub, partner, iat, exp } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
      // How long, not until when: the clock of this machine may be wrong.
      this.#until = performance.now() + (exp - iat) * 800;
      return { token, who: `${partner}/${sub}` };
    } catch {
      return null;
    }
  }

  /**
   * Proves again who speaks in the conversation at hand, when it is time to.
   *
   * @param {import("./memory.js").Memory} memory
   * @param {import("./service.js").Service} service
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} false when the conversation is somebody else's
   */
  async sign(memory, service, signal) {
    const { session } = memory;
    if (!session || performance.now() < this.#until) return true;
    const proof = await this.#prove();
    if (session.who && session.who !== proof?.who) return false;
    if (!proof || signal.aborted) return true;
    try {
      await service.ask(`/conversations/${session.id}/identity`, signal, session, { identity: proof.token }, "PUT");
      session.who = proof.who;
      memory.keep();
    } catch {
      // The service says in its answers what it may not show to a stranger.
    }
    return true;
  }

  /**
   * Opens a conversation of whoever is there.
   * @param {(body: object) => Promise<{id: string, token: string}>} open
   */
  async open(open) {
    const proof = await this.#prove();
    if (proof) {
      try {
        return { ...(await open({ identity: proof.token })), who: proof.who };
      } catch (error) {
        // An identity that is not believed makes a stranger, not a silence.
        if (!(error instanceof Error && "status" in error && error.status === 401)) throw error;
      }
    }
    return open({});
  }
}
