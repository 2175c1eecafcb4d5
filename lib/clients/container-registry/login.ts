import { isRecord } from "../../domain/json";
import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import { createHttpClient, type HttpClient, type HttpClientOptions } from "../http";
import { type Challenge, parseChallenges } from "./challenge";
import { optionsAt } from "./other-host";
import { isRealmTrusted } from "./realm";

/** A user name with its password or registry token. */
export interface RegistryCredential {
  readonly username: string;
  readonly password: Secret;
}

/** Answers a registry's challenges. */
export interface RegistryLogin {
  /** The Authorization header for a challenge; undefined where there is nothing to answer with. */
  answer(wwwAuthenticate: string, signal: AbortSignal): Promise<Secret | undefined>;
  close(): Promise<void>;
}

/**
 * Logs in as the challenge of a registry asks: Basic at its own host, or with a token of its token server.
 * @param address - the `host[:port]` that answers for it, whose token servers are trusted. Default: the host
 */
export function createRegistryLogin(
  host: string,
  credential: RegistryCredential | undefined,
  options: HttpClientOptions,
  address = host,
): RegistryLogin {
  const servers = new Map<string, HttpClient>();
  const basic = credential === undefined ? undefined : basicOf(credential);

  function serverAt(realm: URL): HttpClient {
    const known = servers.get(realm.origin);
    if (known !== undefined) return known;
    const made = createHttpClient({ ...optionsAt(realm.origin, options.baseUrl, options), readError: readTokenError });
    servers.set(realm.origin, made);
    return made;
  }

  async function fetchToken({ parameters }: Challenge, signal: AbortSignal): Promise<Secret> {
    // URL would mend a blank or a quote, which are of a header that was misread.
    const named = /[\s"]/.test(parameters.realm ?? "") ? "" : (parameters.realm ?? "");
    const realm = URL.canParse(named) ? new URL(named) : undefined;
    if (realm === undefined)
      throw new ClientError("malformed", `The registry ${host} asks for a token, but names no valid realm to fetch it from.`);
    if (basic !== undefined && !isRealmTrusted(realm, address)) {
      throw new ClientError(
        "malformed",
        `The registry ${host} asks to log in at ${realm.protocol}//${realm.host}. The credential was not sent there: it goes only over HTTPS, to the registry's own host or one that is known to be its.`,
      );
    }
    // The realm's own parameters stay as they are, also those that stand there twice.
    const query = new URLSearchParams(realm.searchParams);
    const { service, scope } = parameters;
    for (const [name, value] of Object.entries({ service, scope, account: credential?.username }))
      if (value !== undefined) query.set(name, value);
    const text = query.toString();
    const rawQuery = text === "" ? "" : `?${text}`;
    const request = { method: "GET", path: realm.pathname, rawQuery, headers: { authorization: basic }, signal } as const;
    const answer = (
      await serverAt(realm)
        .request(request)
        .catch((error: unknown) => Promise.reject(refused(error)))
    ).json();
    const token = isRecord(answer) ? (answer.token ?? answer.access_token) : undefined;
    if (typeof token === "string" && token !== "") return Secret.of(token);
    throw new ClientError("malformed", `The token server ${realm.host} of the registry ${host} answered without a token.`);
  }

  function refused(error: unknown): unknown {
    if (!ClientError.is(error, "unauthenticated") || credential === undefined) return error;
    const advice = "The password or registry token is wrong, has expired or was revoked.";
    return new ClientError(
      "unauthenticated",
      `The registry ${host} refuses user ${JSON.stringify(credential.username)} (${error.message}). ${advice}`,
      error.options,
    );
  }

  return {
    async answer(wwwAuthenticate, signal) {
      const challenges = parseChallenges(wwwAuthenticate);
      const bearer = challenges.find(({ scheme }) => scheme === "bearer");
      if (bearer !== undefined) return Secret.of(`Bearer ${(await fetchToken(bearer, signal)).reveal()}`);
      return challenges.some(({ scheme }) => scheme === "basic") ? basic : undefined;
    },
    async close() {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}

function basicOf({ username, password }: RegistryCredential): Secret {
  return Secret.of(`Basic ${Buffer.from(`${username}:${password.reveal()}`).toString("base64")}`);
}

/** Errors of distribution and its token servers: `{"errors":[{"code","message"}]}`. */
export function readTokenError(body: unknown) {
  const [first]: readonly unknown[] = isRecord(body) && Array.isArray(body.errors) ? body.errors : [];
  if (!isRecord(first)) return undefined;
  return {
    ...(typeof first.code === "string" ? { code: first.code } : {}),
    ...(typeof first.message === "string" ? { message: first.message } : {}),
  };
}
