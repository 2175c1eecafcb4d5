import { type BluemixRegistryClient, type BluemixToken, createBluemixRegistryClient } from "../../clients/bluemix-registry";
import { ClientError } from "../../clients/client-error";
import { createCloudFoundryClient } from "../../clients/cloud-foundry";
import type { IssuerOptions } from "../options";
import { sendOnce } from "../send-once";
import { explainFailure } from "./advice";
import { createBluemixLogin } from "./login";
import type { BluemixSettings } from "./settings";
import type { BluemixIssuer, RegistryToken, RegistryTokenRequest } from "./token";
import { readTokenClaims } from "./token-claims";

/** The user name that goes with every token. */
const USERNAME = "token";

/** How often a token is revoked that the registry does not know, and lists. */
const REVOKE_ATTEMPTS = 3;

type TokenRequest = RegistryTokenRequest & { readonly description: string };

/**
 * IBM Cloud (Bluemix) registry tokens, API v1. Contacts nothing yet: it logs in at the first call, once per run.
 * Throws ClientError("invalid") where an endpoint is no allowed URL.
 */
export function createBluemixIssuer(settings: BluemixSettings, options: IssuerOptions = {}): BluemixIssuer {
  const registry = createRegistry(settings, options);

  async function explained<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw explainFailure(error, settings, registry.endpoint);
    }
  }

  function issue({ description, permanent, readOnly }: TokenRequest, signal: AbortSignal): Promise<RegistryToken> {
    return sendOnce<RegistryToken>({
      what: "the token",
      looked: `the registry's list was read: none is described ${JSON.stringify(description)}`,
      sleep: options.sleep,
      async send() {
        const value = await registry.createToken({ description, permanent, write: !readOnly }, signal);
        const { id, ...times } = readTokenClaims(value);
        if (id !== undefined) return { id, description, readOnly, revoked: false, ...times };
        const message = `${registry.endpoint} issued a token without an id (it is no JWT with jti).`;
        throw new ClientError("malformed", message, { ambiguous: true });
      },
      async find(signal) {
        const listed = await registry.listTokens(signal);
        const found = listed.findLast((token) => token.description === description && !token.revoked);
        return found && issuedOf(found);
      },
    });
  }

  /** "No such token" closes the matter only where the list agrees: a token that is taken for gone is never looked for again. */
  async function revoke(id: string, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < REVOKE_ATTEMPTS; attempt++) {
      if (await registry.deleteToken(id, signal)) return;
      if (!(await registry.listTokens(signal)).some((token) => token.id === id && !token.revoked)) return;
    }
    const message = `DELETE ${registry.endpoint}/api/v1/tokens/${id}: the registry says that it has no such token (404), and goes on listing it. It may still be good: try again later, or revoke it there.`;
    throw new ClientError("malformed", message, { status: 404 });
  }

  return {
    name: settings.name,
    kind: "bluemix",
    username: USERNAME,
    hosts: async () => settings.hosts,
    issue: (request, signal) => explained(() => issue(request, signal)),
    list: (signal) => explained(async () => (await registry.listTokens(signal)).map(issuedOf)),
    async reveal(id, signal) {
      const password = await explained(() => registry.getToken(id, signal));
      return password && { username: USERNAME, password };
    },
    identify: async ({ username, password }) => (username === USERNAME ? readTokenClaims(password).id : undefined),
    revoke: (id, signal) => explained(() => revoke(id, signal)),
  };
}

function createRegistry(settings: BluemixSettings, options: IssuerOptions): BluemixRegistryClient {
  const baseUrl = settings.registryEndpoint ?? `https://${settings.hosts[0]}`;
  const shared = {
    ...options,
    ...(settings.caCertificate === undefined ? {} : { additionalCa: settings.caCertificate }),
    ...(settings.allowPlainHttp === undefined ? {} : { allowPlainHttp: settings.allowPlainHttp }),
  };
  try {
    const api = createCloudFoundryClient({ ...shared, baseUrl: settings.apiEndpoint }, settings.login);
    return createBluemixRegistryClient({ ...shared, baseUrl }, createBluemixLogin(settings, api));
  } catch (error) {
    throw explainFailure(error, settings, baseUrl);
  }
}

function issuedOf({ id, description, readOnly, revoked, expiresAt }: BluemixToken): RegistryToken {
  return { id, description, readOnly, revoked, expiresAt, issuedAt: null };
}
