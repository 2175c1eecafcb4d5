import { Secret } from "../secret";

/** Who logs in at the exchange. */
export interface ExchangeUser {
  /** `org/user:password`, as basic authentication takes it. */
  readonly login: Secret;
  /** `org/user`, for messages. */
  readonly name: string;
  readonly password: Secret;
}

/**
 * Reads `user:password`, or `org/user:password` where the user is of another organization than the provider's (hzn's `-u`).
 * The password may hold any character. Undefined where it is neither.
 */
export function parseUserAuth(text: Secret, org: string): ExchangeUser | undefined {
  const match = /^(?:(?<own>[^/:\s]+)\/)?(?<user>[^/:\s]+):(?<password>.+)$/s.exec(text.reveal());
  const { own = org, user = "", password = "" } = match?.groups ?? {};
  if (match === null || own === "") return undefined;
  const name = `${own}/${user}`;
  return { login: Secret.of(`${name}:${password}`), name, password: Secret.of(password) };
}
