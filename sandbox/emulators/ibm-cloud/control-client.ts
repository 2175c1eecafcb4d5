import { createControlClient, type EmulatorControl } from "../http";
import type { ApiKeyRecord, NamespaceRecord, PolicyRecord, ServiceIdRecord } from "./store";

/** An API key as the control port tells it, value included. */
export interface ControlledKey extends ApiKeyRecord {
  /** False for one that is disabled or expired. */
  readonly live: boolean;
}

/** Everything that there is in IAM and the registry. */
export interface Inventory {
  readonly apiKeys: readonly ControlledKey[];
  readonly serviceIds: readonly ServiceIdRecord[];
  /** Those that were not deleted. */
  readonly policies: readonly PolicyRecord[];
  readonly namespaces: readonly NamespaceRecord[];
}

/** What of an inventory can be put back. */
export interface KeptInventory {
  readonly apiKeys: readonly ApiKeyRecord[];
  readonly serviceIds: readonly ServiceIdRecord[];
  readonly policies: readonly PolicyRecord[];
  readonly namespaces: readonly NamespaceRecord[];
}

/** The emulator's control port, for tests. Every call throws where the emulator refuses. */
export interface IbmCloudControl extends EmulatorControl {
  inventory(): Promise<Inventory>;
  /** Has IAM and the registry know these as they were, with their ids and values, beside what there is. */
  restore(kept: KeptInventory): Promise<void>;
  disableKey(id: string): Promise<void>;
  enableKey(id: string): Promise<void>;
  /** Lets a key end now: it stays listed. */
  expireKey(id: string): Promise<void>;
  deleteKey(id: string): Promise<void>;
  /** Its keys go with it; its policies stay. */
  deleteServiceId(id: string): Promise<void>;
  deletePolicy(id: string): Promise<void>;
  deleteNamespace(region: string, name: string): Promise<void>;
  /** Moves the clock of logins and keys against the machine's. */
  setClockOffset(seconds: number): Promise<void>;
  /** Makes access tokens handed out so far worthless. */
  expireLogins(): Promise<void>;
}

/** Creates a client for the control port of a running emulator. */
export function createIbmCloudControl(url: string, secret: string): IbmCloudControl {
  const { call, act, ...common } = createControlClient(url, secret);
  const at = encodeURIComponent;
  return {
    ...common,
    inventory: async () => (await call("GET", "/inventory")) as Inventory,
    restore: (kept) => act("POST", "/inventory", kept),
    disableKey: (id) => act("POST", `/keys/${at(id)}/disable`),
    enableKey: (id) => act("POST", `/keys/${at(id)}/enable`),
    expireKey: (id) => act("POST", `/keys/${at(id)}/expire`),
    deleteKey: (id) => act("DELETE", `/keys/${at(id)}`),
    deleteServiceId: (id) => act("DELETE", `/serviceids/${at(id)}`),
    deletePolicy: (id) => act("DELETE", `/policies/${at(id)}`),
    deleteNamespace: (region, name) => act("DELETE", `/namespaces/${at(region)}/${at(name)}`),
    setClockOffset: (offsetSeconds) => act("PUT", "/clock", { offsetSeconds }),
    expireLogins: () => act("POST", "/logins/expire"),
  };
}
