// A real provider of identities on this machine (OpenID Connect), with a few invented people who need no password there.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

/** Who is known there, by what is typed. @type {Record<string, {name: string, groups: string[]}>} */
const PEOPLE = {
  zoe: { name: "Zoé Petit", groups: ["conseillers", "paie"] },
  ines: { name: "Inès Moreau", groups: ["conseillers", "guichet-admins"] },
  luc: { name: "Luc Blanc", groups: ["paie"] },
};

const page = (/** @type {string} */ uid) => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Entreprise</title></head>
<body><main><h1>Compte d’entreprise</h1><form method="post" action="/interaction/${uid}">
<label>Identifiant <input name="login" autofocus></label><button>Continuer</button></form>
<a href="/interaction/${uid}/abort">Abandonner</a></main></body></html>`;

/** The provider's own pages come with fonts from elsewhere. @param {any} context @param {string} [form] */
const signOut = async (context, form = "") => (context.body = `<!doctype html><html lang="fr"><title>Entreprise</title><body><h1>Déconnexion</h1>${form}</body></html>`);

/** Starts it, with the client `guichet`, whose browsers come back to `redirectUri`. @param {string} redirectUri */
export async function startProvider(redirectUri) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const issuer = `http://127.0.0.1:${port}`;
  const key = (/** @type {string} */ kid) => ({ ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" });
  const provider = new Provider(issuer, {
    clients: [{ client_id: "guichet", client_secret: "un-secret-de-test", redirect_uris: [redirectUri], grant_types: ["authorization_code"], response_types: ["code"], id_token_signed_response_alg: "ES256" }],
    jwks: { keys: [key("es-1")] },
    cookies: { keys: ["test"] },
    scopes: ["openid", "profile", "email"],
    claims: { openid: ["sub"], profile: ["name", "groups"], email: ["email", "email_verified"] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource: signOut, postLogoutSuccessSource: signOut } },
    interactions: { url: (/** @type {any} */ _context, /** @type {any} */ interaction) => `/interaction/${interaction.uid}` },
    findAccount: (/** @type {any} */ _context, /** @type {string} */ id) => {
      const person = PEOPLE[id];
      return person && { accountId: id, claims: () => ({ sub: id, name: person.name, groups: person.groups, email: `${id}@editeur.example`, email_verified: true }) };
    },
    // Nobody is asked what Guichet may know: it is the company's.
    loadExistingGrant: async (/** @type {any} */ context) => {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    const [, uid, rest] = /^\/interaction\/([\w-]+)(\/abort)?$/.exec(request.url ?? "") ?? [];
    if (!uid) return answer(request, response);
    try {
      if (rest) return await provider.interactionFinished(request, response, { error: "access_denied" });
      if (request.method === "GET") return response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page(uid));
      let body = "";
      for await (const part of request) body += part;
      await provider.interactionFinished(request, response, { login: { accountId: new URLSearchParams(body).get("login") ?? "" } });
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  return { issuer, stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }) };
}
