import type { IncomingHttpHeaders } from "node:http";
import { basicLogin, bearerToken } from "../../http";

/** What the token endpoint hands out to who shows nothing; the registry takes it for nobody. */
export const ANONYMOUS_TOKEN = "anonymous";

/** What a request shows: nothing at all, something unreadable, nobody's token, or an API token. */
export type Shown = "nothing" | "unreadable" | "anonymous" | { readonly token: string };

/** Bearer and Basic both carry an API token: of a Basic login the password alone counts. */
export function shownBy(headers: IncomingHttpHeaders): Shown {
  const authorization = headers.authorization ?? "";
  if (/^basic /i.test(authorization)) {
    const password = basicLogin(headers)?.password ?? "";
    return password === "" ? "unreadable" : { token: password };
  }
  const token = bearerToken(headers);
  if (token === undefined) return "nothing";
  return token === ANONYMOUS_TOKEN ? "anonymous" : { token };
}
