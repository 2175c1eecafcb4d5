import { createHash, randomUUID } from "node:crypto";
import type { EmulatorClock } from "../tokens/clock";
import { signHs256, verifyHs256 } from "../tokens/jwt";
import type { BluemixEmulatorConfig, UserConfig } from "./config";
import type { Store } from "./store";

/** Which system a login is of: Cloud Foundry's UAA, by region, or IAM, for all. */
export type LoginKind = "uaa" | "iam";

/** A login as it is handed out. */
export interface Login {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
  /** Seconds since 1970. */
  readonly expiration: number;
  readonly id: string;
}

/** Who may log in, and who is logged in. */
export interface Logins {
  byPassword(username: string, password: string): UserConfig | undefined;
  byApiKey(key: string): UserConfig | undefined;
  /** Uses the passcode up, unless it is a reusable one. */
  byPasscode(passcode: string): UserConfig | undefined;
  byRefreshToken(token: string, kind: LoginKind, region: string): UserConfig | undefined;
  /** The user of a live access token. */
  byAccessToken(token: string, kind: LoginKind, region: string): UserConfig | undefined;
  logIn(user: UserConfig, kind: LoginKind, region: string): Login;
  /** Makes every access token handed out so far worthless; refresh tokens stay good. */
  expireAll(): void;
}

/** Creates the logins; access tokens carry all they need, so a restart keeps them. */
export function createLogins(config: BluemixEmulatorConfig, store: Store, clock: EmulatorClock): Logins {
  const key = Buffer.from(store.data.signingKey, "base64");
  const ttl = config.loginTtlSeconds ?? 3600;
  const find = (fits: (user: UserConfig) => boolean | undefined) => config.users.find((user) => fits(user) === true);

  const issued = (token: string, use: "access" | "refresh", kind: LoginKind, region: string): UserConfig | undefined => {
    const claims = verifyHs256(token, key);
    if (claims?.use !== use || claims.kind !== kind) return undefined;
    if (kind === "uaa" && claims.zone !== region) return undefined;
    if (use === "access" && claims.generation !== store.data.loginGeneration) return undefined;
    if (use === "access" && Number(claims.exp) <= clock.now()) return undefined;
    return find((user) => user.username === claims.user_name);
  };

  return {
    byPassword: (username, password) => find((user) => user.username === username && user.password === password),
    byApiKey: (apiKey) => find((user) => user.apiKeys?.includes(apiKey)),
    byPasscode(passcode) {
      const user = find((one) => one.passcodes?.some((code) => code.value === passcode));
      const mark = createHash("sha256").update(passcode).digest("hex");
      if (user === undefined || store.data.usedPasscodes.includes(mark)) return undefined;
      if (!user.passcodes?.some((code) => code.value === passcode && code.reusable === true)) {
        store.data.usedPasscodes.push(mark);
        store.save();
      }
      return user;
    },
    byRefreshToken: (token, kind, region) => issued(token, "refresh", kind, region),
    byAccessToken: (token, kind, region) =>
      find((user) => user.accessTokens?.some((one) => one.value === token && one.kind === kind)) ??
      issued(token, "access", kind, region),
    logIn(user, kind, region) {
      const id = randomUUID();
      const expiration = clock.now() + ttl;
      const common = { kind, zone: region, user_name: user.username };
      const access = { ...common, jti: id, use: "access", generation: store.data.loginGeneration, exp: expiration };
      const refresh = { ...common, jti: randomUUID(), use: "refresh" };
      return {
        accessToken: signHs256(access, key),
        refreshToken: signHs256(refresh, key),
        expiresIn: ttl,
        expiration,
        id,
      };
    },
    expireAll() {
      store.data.loginGeneration += 1;
      store.save();
    },
  };
}
