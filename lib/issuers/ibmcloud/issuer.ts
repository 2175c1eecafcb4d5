import { ClientError } from "../../clients/client-error";
import { createIamClient } from "../../clients/ibmcloud-iam/client";
import type { IamClient, IamToken } from "../../clients/ibmcloud-iam/types";
import { createIcrClient, type IcrClient } from "../../clients/icr";
import type { RegistryCaller, RegistryLogin } from "../../clients/registry-v1";
import { sentence } from "../../clients/sentence";
import { createShared } from "../../clients/shared-promise";
import { type IcrRegion, icrHost, isIcrRegion } from "../../domain/icr-hosts";
import { Secret } from "../../domain/secret";
import type { RevealedCredential } from "../issuer";
import type { IssuerOptions } from "../options";
import { explainFailure } from "./advice";
import { API_KEY_USERNAME, type IbmCloudIssuer } from "./api-key";
import { createApiKeyStore } from "./api-keys";
import type { IbmCloudSettings } from "./settings";
import { createTryOut } from "./try-out";

/**
 * IBM Cloud IAM and Container Registry. Contacts nothing yet: it logs in at the first call, once per run.
 * Throws ClientError("invalid") where an endpoint is no allowed URL.
 */
export function createIbmCloudIssuer(settings: IbmCloudSettings, options: IssuerOptions = {}): IbmCloudIssuer {
  const shared = {
    ...options,
    ...(settings.caCertificate === undefined ? {} : { additionalCa: settings.caCertificate }),
    ...(settings.allowPlainHttp === undefined ? {} : { allowPlainHttp: settings.allowPlainHttp }),
  };
  const iam = orExplained(settings, () => createIamClient({ ...shared, baseUrl: settings.iamEndpoint }, settings.apiKey));
  const account = createShared(async (signal) => settings.accountId ?? (await iam.ownApiKey(signal)).accountId);
  const login = createRegistryLogin(iam, (signal) => account.get(signal));
  const registries = new Map<string, IcrClient>();

  async function explained<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw explainFailure(error, settings);
    }
  }

  async function reveal(id: string, signal: AbortSignal): Promise<RevealedCredential | undefined> {
    const password = await iam.revealApiKey(id, signal);
    if (password !== null) return password && { username: API_KEY_USERNAME, password };
    throw new ClientError(
      "invalid",
      `${iam.endpoint} keeps no value of API key ${JSON.stringify(id)}: it shows that of a user's own key, and of one made without store_value, only once. Give that value itself, as password_wo or password_env with username = "iamapikey", or have a key issued (registry_ibmcloud_api_key).`,
    );
  }

  return {
    name: settings.name,
    kind: "ibmcloud",
    hosts: async () => settings.hosts,
    reveal: (id, signal) => explained(() => reveal(id, signal)),
    async identify({ username, password }, signal) {
      if (username !== API_KEY_USERNAME) return undefined;
      return explained(async () => {
        const key = await iam.findApiKey(password, signal);
        // By its id is named only what can be had by it.
        return key !== undefined && (await iam.revealApiKey(key.id, signal)) instanceof Secret ? key.id : undefined;
      });
    },
    apiKeys(place) {
      const tryOut = createTryOut(iam, settings.hosts, shared);
      const store = createApiKeyStore({ iam, id: (signal) => account.get(signal), tryOut, sleep: options.sleep }, place);
      return {
        list: (signal) => explained(() => store.list(signal)),
        issue: (request, signal) => explained(() => store.issue(request, signal)),
        revoke: (id, signal) => explained(() => store.revoke(id, signal)),
      };
    },
    registry(region) {
      const baseUrl = endpointOfRegion(settings, region);
      const known = registries.get(baseUrl);
      if (known !== undefined) return known;
      const client = orExplained(settings, () => createIcrClient({ ...shared, baseUrl }, login));
      const ofRegion = <T>(call: () => Promise<T>) =>
        explained(() => call().catch((error) => Promise.reject(withRegion(error, settings, region))));
      const explaining: IcrClient = {
        endpoint: client.endpoint,
        listNamespaces: (signal) => ofRegion(() => client.listNamespaces(signal)),
        putNamespace: (name, group, signal) => ofRegion(() => client.putNamespace(name, group, signal)),
        deleteNamespace: (name, signal) => ofRegion(() => client.deleteNamespace(name, signal)),
        listImages: (namespace, signal) => ofRegion(() => client.listImages(namespace, signal)),
        close: () => client.close(),
      };
      registries.set(baseUrl, explaining);
      return explaining;
    },
  };
}

/** The registry takes IAM's token, and the account. */
function createRegistryLogin(iam: IamClient, account: (signal: AbortSignal) => Promise<string>): RegistryLogin {
  const tokens = new WeakMap<RegistryCaller, IamToken>();
  async function callerOf(token: IamToken, signal: AbortSignal): Promise<RegistryCaller> {
    const caller = { authorization: Secret.of(`Bearer ${token.value.reveal()}`), account: await account(signal) };
    tokens.set(caller, token);
    return caller;
  }
  return {
    caller: async (signal) => callerOf(await iam.token(signal), signal),
    async renew(stale, signal) {
      const token = tokens.get(stale);
      return token === undefined ? undefined : callerOf(await iam.renew(token, signal), signal);
    },
  };
}

/** A region's other names stand for the same registry. */
function endpointOfRegion({ registryEndpoint, registryEndpoints = {} }: IbmCloudSettings, region: IcrRegion | null): string {
  if (region === null) return registryEndpoint ?? `https://${icrHost("global")}`;
  const host = icrHost(region);
  const [, configured] = Object.entries(registryEndpoints).find(([name]) => isIcrRegion(name) && icrHost(name) === host) ?? [];
  return configured ?? `https://${host}`;
}

/** Who set registry_endpoint may wonder why it was not asked. */
function withRegion(error: unknown, settings: IbmCloudSettings, region: IcrRegion | null): unknown {
  const { registryEndpoint } = settings;
  if (!ClientError.is(error) || region === null || registryEndpoint === undefined) return error;
  const asked = endpointOfRegion(settings, region);
  if (asked !== `https://${icrHost(region)}`) return error;
  const said = `${sentence(error.message)} Asked was the host of region ${JSON.stringify(region)}: registry_endpoint (${registryEndpoint}) is for registry namespaces without a region. To ask another one, set registry_endpoints = { ${JSON.stringify(region)} = "…" }, or leave region out.`;
  return new ClientError(error.code, said, error.options);
}

function orExplained<T>(settings: IbmCloudSettings, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw explainFailure(error, settings);
  }
}
