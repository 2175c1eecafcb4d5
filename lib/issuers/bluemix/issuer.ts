import { type BluemixRegistryClient, type BluemixToken, createBluemixRegistryClient } from "../../clients/bluemix-registry";
import { ClientError } from "../../clients/client-error";
import { createCloudFoundryClient } from "../../clients/cloud-foundry";
import type { HttpClientOptions, HttpLog, HttpRuntime } from "../../clients/http";
import { sentence } from "../../clients/sentence";
import { sleep } from "../../clients/sleep";
import type { IssuedToken, IssueRequest, Issuer } from "../issuer";
import { explainFailure } from "./advice";
import { createBluemixLogin } from "./login";
import type { BluemixSettings } from "./settings";
import { readTokenClaims } from "./token-claims";

/** What every issuer takes beside its settings. */
export interface IssuerOptions extends HttpRuntime {
  readonly log?: HttpLog;
  /** @default - those of every client */
  readonly timeouts?: NonNullable<HttpClientOptions["timeouts"]>;
}

/** Pauses in milliseconds before each look at the list for a token whose request had no clear answer: it may still be under way. */
const LOOK_UP_PAUSES = [0, 1_000, 2_000];
/** A look-up has a time of its own: after Ctrl-C the caller's signal is aborted, and the token may be there all the same. */
const LOOK_UP_MILLISECONDS = 15_000;

/** How often a token is revoked that the registry does not know, and lists. */
const REVOKE_ATTEMPTS = 3;

/**
 * IBM Cloud (Bluemix) registry tokens, API v1. Contacts nothing yet: it logs in at the first call, once per run.
 * Throws ClientError("invalid") where an endpoint is no allowed URL.
 */
export function createBluemixIssuer(settings: BluemixSettings, options: IssuerOptions = {}): Issuer {
  const registry = createRegistry(settings, options);

  async function explained<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw explainFailure(error, settings, registry.endpoint);
    }
  }

  async function issue(request: IssueRequest, signal: AbortSignal): Promise<IssuedToken> {
    const { description, permanent, readOnly } = request;
    let failure: ClientError;
    try {
      const { id, ...times } = readTokenClaims(await registry.createToken({ description, permanent, write: !readOnly }, signal));
      if (id !== undefined) return { id, description, readOnly, revoked: false, ...times };
      failure = new ClientError("malformed", `${registry.endpoint} issued a token without an id (it is no JWT with jti).`, {
        ambiguous: true,
      });
    } catch (error) {
      if (!ClientError.is(error) || error.options.ambiguous !== true) throw error;
      failure = error;
    }
    return (await lookUp(description, failure)) ?? Promise.reject(notListed(description, failure));
  }

  /** Undefined where it is surely not listed. Throws the failure that led here where the list can't be read either. */
  async function lookUp(description: string, failure: ClientError): Promise<IssuedToken | undefined> {
    const signal = AbortSignal.timeout(LOOK_UP_MILLISECONDS);
    try {
      for (const pause of LOOK_UP_PAUSES) {
        if (pause > 0) await (options.sleep ?? sleep)(pause, signal);
        const found = (await registry.listTokens(signal)).findLast(
          (token) => token.description === description && !token.revoked,
        );
        if (found !== undefined) return issuedOf(found);
      }
      return undefined;
    } catch {
      throw failure;
    }
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
    hosts: settings.hosts,
    username: "token",
    issue: (request, signal) => explained(() => issue(request, signal)),
    list: (signal) => explained(async () => (await registry.listTokens(signal)).map(issuedOf)),
    reveal: (id, signal) => explained(() => registry.getToken(id, signal)),
    identify: (value) => readTokenClaims(value).id,
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

function issuedOf({ id, description, readOnly, revoked, expiresAt }: BluemixToken): IssuedToken {
  return { id, description, readOnly, revoked, expiresAt, issuedAt: null };
}

function notListed(description: string, { code, message, options }: ClientError): ClientError {
  return new ClientError(
    code,
    `${sentence(message)} That does not tell whether the token was issued, so the registry's list was read: none is described ${JSON.stringify(description)}. The request was not repeated; apply again.`,
    options,
  );
}
