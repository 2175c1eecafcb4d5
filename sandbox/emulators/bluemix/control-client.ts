import { createControlClient, type EmulatorControl } from "../http";
import type { RegistryTokenRecord } from "./store";

/** A registry token as the control port tells it, value included. */
export interface ControlledToken extends RegistryTokenRecord {
  readonly expired: boolean;
}

/** The emulator's control port, for tests. Every call throws where the emulator refuses. */
export interface BluemixControl extends EmulatorControl {
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
}

/** Creates a client for the control port of a running emulator. */
export function createBluemixControl(url: string, secret: string): BluemixControl {
  const { call, act, ...common } = createControlClient(url, secret);
  return {
    ...common,
    tokens: async () => (await call("GET", "/tokens")) as ControlledToken[],
    restore: (token) => act("POST", "/tokens", token),
    revoke: (id) => act("POST", `/tokens/${encodeURIComponent(id)}/revoke`),
    expire: (id) => act("POST", `/tokens/${encodeURIComponent(id)}/expire`),
    setClockOffset: (offsetSeconds) => act("PUT", "/clock", { offsetSeconds }),
    expireLogins: () => act("POST", "/logins/expire"),
  };
}
