import { randomUUID } from "node:crypto";
import type { EmulatorClock } from "../tokens/clock";
import { signHs256 } from "../tokens/jwt";
import type { RegionConfig } from "./config";
import type { RegistryTokenRecord, Store } from "./store";

/** What to issue. */
export interface NewRegistryToken {
  /** A UUID. @default - drawn */
  readonly id?: string | undefined;
  readonly account: string;
  readonly owner: string;
  readonly description: string;
  readonly permanent: boolean;
  readonly write: boolean;
}

/** The registry tokens of all regions. */
export interface RegistryTokens {
  issue(region: RegionConfig, wanted: NewRegistryToken): RegistryTokenRecord;
  /** Takes in one that another registry issued. */
  restore(token: RegistryTokenRecord): void;
  /** Those of an account in a region that did not expire, revoked ones included: what the API lists. */
  listed(region: string, account: string): readonly RegistryTokenRecord[];
  /** All there ever were and were not deleted. */
  all(): readonly RegistryTokenRecord[];
  /** The one with this value that is neither revoked nor expired. */
  live(value: string, regions: readonly string[]): RegistryTokenRecord | undefined;
  isExpired(token: RegistryTokenRecord): boolean;
  /** Takes them away altogether. */
  delete(tokens: readonly RegistryTokenRecord[]): void;
  /** Lists it as revoked from now on. */
  revoke(token: RegistryTokenRecord): void;
  /** Lets it end now, a permanent one too. */
  expire(token: RegistryTokenRecord): void;
}

const DAY_SECONDS = 24 * 60 * 60;

/** Creates the registry tokens over a store, which is written at every change. */
export function createRegistryTokens(store: Store, clock: EmulatorClock): RegistryTokens {
  const key = Buffer.from(store.data.signingKey, "base64");
  const isExpired = (token: RegistryTokenRecord) => token.expiresAt !== null && token.expiresAt <= clock.now();
  return {
    issue(region, wanted) {
      const id = wanted.id ?? randomUUID();
      const issuedAt = clock.now();
      const expiresAt = wanted.permanent ? null : issuedAt + (region.tokenTtlSeconds ?? DAY_SECONDS);
      // Plain ASCII without "~", "?" and ">": so its base64 never has "-" or "_", which clients of that time can't decode.
      const claims = { jti: id, iss: region.hosts[0], ...(expiresAt !== null && { exp: expiresAt }) };
      const { account, owner, description, write } = wanted;
      const value = signHs256(claims, key);
      const token = { id, region: region.name, account, owner, description, write, issuedAt, expiresAt, revoked: false, value };
      store.data.tokens.push(token);
      store.save();
      return token;
    },
    restore(token) {
      store.data.tokens.push(token);
      store.save();
    },
    listed: (region, account) =>
      store.data.tokens.filter((token) => token.region === region && token.account === account && !isExpired(token)),
    all: () => store.data.tokens,
    live: (value, regions) =>
      store.data.tokens.find(
        (token) => token.value === value && regions.includes(token.region) && !token.revoked && !isExpired(token),
      ),
    isExpired,
    delete(tokens) {
      store.data.tokens = store.data.tokens.filter((token) => !tokens.includes(token));
      store.save();
    },
    revoke(token) {
      token.revoked = true;
      store.save();
    },
    expire(token) {
      token.expiresAt = clock.now() - 1;
      store.save();
    },
  };
}
