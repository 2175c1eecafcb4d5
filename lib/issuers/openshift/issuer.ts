import { ClientError } from "../../clients/client-error";
import type { KubernetesClient, SecretObject } from "../../clients/kubernetes/client";
import { createKubernetesClient } from "../../clients/kubernetes/create-client";
import { clusterId } from "../../clients/kubernetes/namespaces";
import { secretAt } from "../../clients/kubernetes/secrets";
import { getRegistryHosts } from "../../clients/openshift/image-config";
import { admittedHost, getDefaultRoute } from "../../clients/openshift/routes";
import { sleep } from "../../clients/sleep";
import { processRedactor } from "../../domain/redaction";
import { readServiceAccountClaims } from "../../domain/service-account-claims";
import type { RevealedCredential } from "../issuer";
import type { IssuerOptions } from "../options";
import { explainFailure } from "./advice";
import { createProjectTokens } from "./project-tokens";
import type { OpenShiftSettings } from "./settings";
import type { OpenShiftIssuer } from "./token";
import { accountOf, tokenIn } from "./token-secret";

/** What the issuer takes beside its settings. */
export interface OpenShiftIssuerOptions extends IssuerOptions {
  /** The provider's own cluster, for settings that name none. */
  readonly cluster?: () => Promise<KubernetesClient>;
}

/**
 * Tokens of an OpenShift cluster's ServiceAccounts, for its image registry. Contacts nothing yet. The registry takes the token as the
 * password and ignores the user name, which is the ServiceAccount's.
 */
export function createOpenShiftIssuer(settings: OpenShiftSettings, options: OpenShiftIssuerOptions = {}): OpenShiftIssuer {
  let made: Promise<KubernetesClient> | undefined;
  const connect = (): Promise<KubernetesClient> => {
    made ??= open(settings, options);
    return made;
  };

  async function explained<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw explainFailure(error, settings.name);
    }
  }

  /** Asked each time: a route that the same apply makes is there in the end, and not at the beginning. */
  async function hosts(signal: AbortSignal): Promise<readonly string[]> {
    if (settings.hosts !== undefined) return settings.hosts;
    const client = await connect();
    const { internal, external } = await getRegistryHosts(client, signal);
    const route = await routeHost(client, external, signal);
    const all = [...external, ...(route === undefined ? [] : [route]), ...(internal === undefined ? [] : [internal])];
    return [...new Set(all)];
  }

  async function reveal(id: string, signal: AbortSignal): Promise<RevealedCredential | undefined> {
    const [project, name, ...rest] = id.split("/");
    if (project === undefined || name === undefined || project === "" || name === "" || rest.length > 0) {
      throw new ClientError("invalid", `${JSON.stringify(id)} is no id of a ServiceAccount token: it is "<project>/<secret>".`);
    }
    const secret = await (await connect()).get<SecretObject>(secretAt(project, name), signal);
    if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return undefined;
    const username = accountOf(secret);
    if (username === undefined) {
      throw new ClientError(
        "invalid",
        `The Secret ${JSON.stringify(name)} in project ${JSON.stringify(project)} holds no ServiceAccount token (its type is ${JSON.stringify(secret.type ?? "Opaque")}), and nothing of it was sent anywhere. Name one that registry_openshift_token made, or one of type kubernetes.io/service-account-token.`,
      );
    }
    const password = tokenIn(secret);
    if (password === undefined) return undefined;
    processRedactor.remember(password);
    return { username, password };
  }

  return {
    name: settings.name,
    kind: "openshift",
    hosts: (signal) => explained(() => hosts(signal)),
    reveal: (id, signal) => explained(() => reveal(id, signal)),
    async identify({ password }) {
      const claims = readServiceAccountClaims(password);
      return claims?.secret === undefined ? undefined : `${claims.namespace}/${claims.secret.name}`;
    },
    tokensIn(project, own) {
      const tokens = createProjectTokens(project, { own, client: connect, sleep: options.sleep ?? sleep });
      return {
        issue: (request, signal) => explained(() => tokens.issue(request, signal)),
        list: (signal) => explained(() => tokens.list(signal)),
        revoke: (id, signal) => explained(() => tokens.revoke(id, signal)),
      };
    },
    cluster: (signal) => explained(async () => (await clusterId(await connect(), signal)) ?? null),
  };
}

/** What is published follows a new route a moment later. Who may not read the route itself has to wait for that. */
async function routeHost(
  client: KubernetesClient,
  external: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const route = await getDefaultRoute(client, signal);
    return route === undefined ? undefined : admittedHost(route);
  } catch (error) {
    if (ClientError.is(error, "forbidden") && external.length > 0) return undefined;
    throw error;
  }
}

async function open({ name, kubernetes }: OpenShiftSettings, options: OpenShiftIssuerOptions): Promise<KubernetesClient> {
  const { cluster, ...clients } = options;
  if (kubernetes !== undefined) return createKubernetesClient(kubernetes, clients);
  if (cluster === undefined) throw new Error(`issuer ${name} has no cluster`);
  return cluster();
}
