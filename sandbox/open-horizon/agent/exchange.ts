import { type Answer, send } from "../../http";
import { SandboxError } from "../../sandbox-error";
import type { Login } from "./pull-image";

/** How the agent reaches the exchange. */
export interface ExchangeAccess {
  /** `https://127.0.0.1:PORT/v1`: `HZN_EXCHANGE_URL`. */
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly organization: string;
  /** The node's: `acme/edge-1` and its token. */
  readonly login: Login;
}

/** A service as far as a node needs it. */
export interface NodeService {
  readonly deployment: string;
  readonly deploymentSignature: string;
  /** For nodes that are clusters. */
  readonly clusterDeployment: string;
  readonly clusterDeploymentSignature: string;
}

/** A pattern as far as a node needs it. */
export interface NodePattern {
  readonly services: readonly {
    readonly serviceUrl: string;
    readonly serviceOrgid: string;
    readonly serviceArch: string;
    readonly serviceVersions: readonly {
      readonly version: string;
      /** JSON, or empty. */
      readonly deployment_overrides?: string;
      readonly deployment_overrides_signature?: string;
    }[];
  }[];
}

/** A registry login that belongs to a service. */
export interface NodeDockAuth {
  readonly registry: string;
  readonly username: string;
  readonly token: string;
}

/** What a node reads in the exchange. Missing things are undefined or empty; every other refusal throws. */
export interface NodeExchange {
  /** Names of the organization's patterns. */
  patterns(): Promise<string[]>;
  /** `ORG/ID` of the organization's services. */
  services(): Promise<string[]>;
  pattern(name: string): Promise<NodePattern | undefined>;
  /** By `ORG/ID`. */
  service(id: string): Promise<NodeService | undefined>;
  /** Keys of a service by their names. */
  keys(id: string): Promise<ReadonlyMap<string, string>>;
  /** Keys of a pattern of the organization, by their names. */
  patternKeys(name: string): Promise<ReadonlyMap<string, string>>;
  dockAuths(id: string): Promise<readonly NodeDockAuth[]>;
}

/** Opens the exchange for a node. */
export function openExchange({ url, ca, organization, login }: ExchangeAccess, signal: AbortSignal): NodeExchange {
  const authorization = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
  const get = async (path: string): Promise<Answer | undefined> => {
    const answer = await send(`${url}/orgs/${path}`, { headers: { authorization }, tls: { ca }, signal });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new SandboxError(`the exchange gave ${answer.status} for ${path}`);
    return answer;
  };
  const json = async <T>(path: string): Promise<T | undefined> => {
    const answer = await get(path);
    return answer === undefined ? undefined : (JSON.parse(answer.body.toString("utf8")) as T);
  };
  const at = (id: string): string => {
    const [org = "", name = ""] = id.split("/");
    return `${encodeURIComponent(org)}/services/${encodeURIComponent(name)}`;
  };
  const keysAt = async (path: string): Promise<ReadonlyMap<string, string>> => {
    const keys = new Map<string, string>();
    for (const name of (await json<string[]>(`${path}/keys`)) ?? []) {
      const key = await get(`${path}/keys/${encodeURIComponent(name)}`);
      if (key !== undefined) keys.set(name, key.body.toString("utf8"));
    }
    return keys;
  };
  return {
    async patterns() {
      const list = await json<{ patterns: object }>(`${organization}/patterns`);
      return Object.keys(list?.patterns ?? {}).map((id) => id.slice(organization.length + 1));
    },
    async services() {
      const list = await json<{ services: object }>(`${organization}/services`);
      return Object.keys(list?.services ?? {});
    },
    async pattern(name) {
      const path = `${organization}/patterns/${encodeURIComponent(name)}`;
      return Object.values((await json<{ patterns: Record<string, NodePattern> }>(path))?.patterns ?? {})[0];
    },
    async service(id) {
      return Object.values((await json<{ services: Record<string, NodeService> }>(at(id)))?.services ?? {})[0];
    },
    keys: (id) => keysAt(at(id)),
    patternKeys: (name) => keysAt(`${organization}/patterns/${encodeURIComponent(name)}`),
    dockAuths: async (id) => (await json<NodeDockAuth[]>(`${at(id)}/dockauths`)) ?? [],
  };
}
