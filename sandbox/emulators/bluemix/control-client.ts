import type { Fault, LoggedRequest } from "../http";
import type { RegistryTokenRecord } from "./store";

/** A registry token as the control port tells it, value included. */
export interface ControlledToken extends RegistryTokenRecord {
  readonly expired: boolean;
}

/** The emulator's control port, for tests. Every call throws where the emulator refuses. */
export interface BluemixControl {
  tokens(): Promise<readonly ControlledToken[]>;
  /** Has the registry know a token as it was, with its id and value. */
  restore(token: RegistryTokenRecord): Promise<void>;
  /** Revokes "at the registry": it stays listed, as revoked. */
  revoke(id: string): Promise<void>;
  /** Lets a token end now: it is no longer listed. */
  expire(id: string): Promise<void>;
  /** Moves the clock of logins and registry tokens against the machine's. */
  setClockOffset(seconds: number): Promise<void>;
  /** Makes access tokens handed out so far worthless. */
  expireLogins(): Promise<void>;
  /** The requests after a sequence number, oldest first. @default 0 - all */
  requests(afterSequence?: number): Promise<readonly LoggedRequest[]>;
  clearRequests(): Promise<void>;
  addFault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
}

/** Creates a client for the control port of a running emulator. */
export function createBluemixControl(url: string, secret: string): BluemixControl {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = { method, headers: { "x-control-secret": secret }, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(`${url}/control${path}`, init);
    if (!response.ok) throw new Error(`The emulator's control port answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const act = async (method: string, path: string, body?: unknown): Promise<void> => {
    await call(method, path, body);
  };
  return {
    tokens: async () => (await call("GET", "/tokens")) as ControlledToken[],
    restore: (token) => act("POST", "/tokens", token),
    revoke: (id) => act("POST", `/tokens/${encodeURIComponent(id)}/revoke`),
    expire: (id) => act("POST", `/tokens/${encodeURIComponent(id)}/expire`),
    setClockOffset: (offsetSeconds) => act("PUT", "/clock", { offsetSeconds }),
    expireLogins: () => act("POST", "/logins/expire"),
    requests: async (after = 0) => (await call("GET", `/requests?after=${after}`)) as LoggedRequest[],
    clearRequests: () => act("DELETE", "/requests"),
    addFault: (fault) => act("POST", "/faults", fault),
    clearFaults: () => act("DELETE", "/faults"),
  };
}
