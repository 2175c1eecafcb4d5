import { setTimeout as timer } from "node:timers/promises";
import {
  type BluemixRegistryCaller,
  type BluemixRegistryClient,
  type BluemixToken,
  createBluemixRegistryClient,
} from "../../clients/bluemix-registry";
import { ClientError, type ClientErrorCode } from "../../clients/client-error";
import { type CloudFoundryClient, createCloudFoundryClient, formatBearer } from "../../clients/cloud-foundry";
import type { HttpLog, HttpRuntime } from "../../clients/http";
import { sentence } from "../../clients/sentence";
import { createShared } from "../../clients/shared-promise";
import type { Secret } from "../../domain/secret";
import type { IssuedToken, IssueRequest, Issuer } from "../issuer";
import { type AccountHeader, resolveAccount } from "./account";
import type { BluemixSettings } from "./settings";
import { readTokenClaims } from "./token-claims";

/** What every issuer takes beside its settings. */
export interface IssuerOptions extends HttpRuntime {
  readonly log?: HttpLog;
}

/** How often, and with which pauses in milliseconds, a token is looked for whose request had no clear answer: it may still be under way. */
const LOOK_UP_PAUSES = [0, 1_000, 2_000];
/** A look-up after Ctrl-C has a time of its own, since the caller's signal is aborted. */
const LOOK_UP_MILLISECONDS = 15_000;

/** IBM Cloud (Bluemix) registry tokens, API v1. Contacts nothing yet: it logs in at the first call, once per run. */
export function createBluemixIssuer(settings: BluemixSettings, options: IssuerOptions = {}): Issuer {
  const shared = {
    ...options,
    ...(settings.caCertificate === undefined ? {} : { additionalCa: settings.caCertificate }),
    ...(settings.allowPlainHttp === undefined ? {} : { allowPlainHttp: settings.allowPlainHttp }),
  };
  const api = createCloudFoundryClient({ ...shared, baseUrl: settings.apiEndpoint }, settings.login);
  const registry = createBluemixRegistryClient(
    { ...shared, baseUrl: settings.registryEndpoint ?? `https://${settings.hosts[0]}` },
    createLogin(settings, api),
  );
  const inContext = createContext(settings, registry);

  async function lookUp(description: string, failure: ClientError): Promise<IssuedToken> {
    const signal = AbortSignal.timeout(LOOK_UP_MILLISECONDS);
    for (const pause of LOOK_UP_PAUSES) {
      await (options.sleep ?? sleep)(pause, signal);
      const found = (await registry.listTokens(signal)).filter((token) => token.description === description && !token.revoked);
      const token = found.at(-1);
      if (token !== undefined) return issuedOf(token);
    }
    throw new ClientError(
      failure.code,
      `${sentence(failure.message)} Whether the registry issued the token could not be told from that, so its list was read: there is none described ${JSON.stringify(description)}. The request was not repeated; apply again.`,
      failure.options,
    );
  }

  return {
    name: settings.name,
    kind: "bluemix",
    hosts: settings.hosts,
    username: "token",

    issue: (request, signal) =>
      inContext(async () => {
        const { description } = request;
        let value: Secret;
        try {
          value = await registry.createToken({ description, permanent: request.permanent, write: !request.readOnly }, signal);
        } catch (error) {
          if (!ClientError.is(error) || error.options.ambiguous !== true) throw error;
          return lookUp(description, error).catch((again: unknown) => {
            throw ClientError.is(again) && again.options === error.options ? again : error;
          });
        }
        return (await fromValue(request, value)) ?? lookUp(description, notNamed(registry.endpoint));
      }),

    list: (signal) => inContext(async () => (await registry.listTokens(signal)).map(issuedOf)),
    reveal: (id, signal) => inContext(() => registry.getToken(id, signal)),
    revoke: (id, signal) =>
      inContext(async () => {
        await registry.deleteToken(id, signal);
      }),
  };
}

/** Undefined where the value does not say its id: the list does. */
async function fromValue({ description, readOnly }: IssueRequest, value: Secret): Promise<IssuedToken | undefined> {
  const { id, expiresAt, issuedAt } = readTokenClaims(value);
  return id === undefined ? undefined : { id, description, readOnly, revoked: false, expiresAt, issuedAt };
}

function issuedOf({ id, description, readOnly, revoked, expiresAt }: BluemixToken): IssuedToken {
  return { id, description, readOnly, revoked, expiresAt, issuedAt: null };
}

function notNamed(endpoint: string): ClientError {
  return new ClientError("malformed", `${endpoint} issued a token without an id (it is no JWT with jti).`, { ambiguous: true });
}

/** One login and one look-up of the organization for all calls of a run. */
function createLogin(settings: BluemixSettings, api: CloudFoundryClient) {
  const account = createShared<AccountHeader>(
    (signal) => resolveAccount(api, settings.account, signal),
    (error) => ClientError.is(error, "not_found"),
  );
  const callers = new WeakMap<BluemixRegistryCaller, Awaited<ReturnType<CloudFoundryClient["token"]>>>();
  const callerOf = (token: Awaited<ReturnType<CloudFoundryClient["token"]>>, header: AccountHeader) => {
    const caller = { authorization: formatBearer(token.value), ...header };
    callers.set(caller, token);
    return caller;
  };
  return {
    async caller(signal: AbortSignal) {
      const header = await account.get(signal);
      return callerOf(await api.token(signal), header);
    },
    async renew(stale: BluemixRegistryCaller, signal: AbortSignal) {
      const token = callers.get(stale);
      const renewed = token === undefined ? undefined : await api.renew(token, signal);
      return renewed === undefined ? undefined : callerOf(renewed, await account.get(signal));
    },
  };
}

/** Says in every failure which issuer it is, and what commonly helps. */
function createContext(settings: BluemixSettings, registry: BluemixRegistryClient) {
  return async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (!ClientError.is(error)) throw error;
      throw new ClientError(
        error.code,
        `Issuer ${JSON.stringify(settings.name)}: ${withAdvice(error, settings, registry)}`,
        error.options,
      );
    }
  };
}

function withAdvice(error: ClientError, settings: BluemixSettings, registry: BluemixRegistryClient): string {
  const advice = error.message.includes(registry.endpoint) ? adviceFor(error.code, settings) : undefined;
  return advice === undefined ? error.message : `${sentence(error.message)} ${advice}`;
}

function adviceFor(code: ClientErrorCode, settings: BluemixSettings): string | undefined {
  const whose = describe(settings);
  if (code === "forbidden") {
    return `The login may not do this with the registry tokens of ${whose}: have it given the right, or log in as another.`;
  }
  if (code !== "unauthenticated") return undefined;
  return settings.login.kind === "oauth_token"
    ? `The registry does not accept oauth_token: it is wrong, has expired, or does not belong to ${whose}. Fetch a new one.`
    : `The registry does not accept the login for ${whose}: does it belong to the same environment as api_endpoint (${settings.apiEndpoint})?`;
}

function describe({ account }: BluemixSettings): string {
  if (account.kind === "organization") return `organization ${JSON.stringify(account.name)}`;
  return account.kind === "organization_guid"
    ? `organization_guid ${JSON.stringify(account.guid)}`
    : `account_id ${JSON.stringify(account.id)}`;
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await timer(milliseconds, undefined, { signal });
}
