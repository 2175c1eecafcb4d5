import { Secret } from "../../domain/secret";
import { createShared } from "../shared-promise";
import type { ClusterConnection } from "./connection";
import { type ExecCredential, runExecPlugin } from "./exec-plugin";
import { impersonationHeaders } from "./impersonation";
import { readTokenFile } from "./token-file";

/**
 * A token file is read again after this time. Fact: client-go's transport.NewCachedFileTokenSource keeps what it read for a minute less
 * ten seconds, goes on with it where the file can't be read then, and forgets it after a 401. The kubelet replaces a Pod's token while
 * the old one holds for some time yet, so no 401 tells of it.
 */
const TOKEN_FILE_MILLISECONDS = 50_000;

/** What to send with a request, and what to connect with. */
export interface Credential {
  readonly headers: { readonly [name: string]: string | Secret | readonly string[] };
  readonly cert?: string;
  readonly key?: Secret;
}

/** Where credentials come from: they may change during a run. */
export interface CredentialSource {
  current(signal: AbortSignal): Promise<Credential>;
  /** After a 401 with `stale`: forgets it. False where asking again can't bring anything else. */
  renew(stale: Credential): boolean;
}

/** Makes the source that the connection's user settings describe. Runs and reads nothing before the first use. */
export function createCredentialSource(connection: ClusterConnection, clock: () => number): CredentialSource {
  const { user } = connection;
  const impersonation = impersonationHeaders(user.impersonate);
  const own = {
    ...(user.clientCertificate === undefined ? {} : { cert: user.clientCertificate }),
    ...(user.clientKey === undefined ? {} : { key: user.clientKey }),
  };
  const bearer = (token: Secret) => ({ ...impersonation, authorization: Secret.of(`Bearer ${token.reveal().trim()}`) });

  const { exec, tokenFile, token, basic } = user;
  if (exec !== undefined) {
    return cached(async (signal) => {
      const made: ExecCredential = await runExecPlugin(exec, connection, signal);
      return {
        value: {
          ...own,
          ...(made.clientCertificate === undefined ? {} : { cert: made.clientCertificate }),
          ...(made.clientKey === undefined ? {} : { key: made.clientKey }),
          headers: made.token === undefined ? impersonation : bearer(made.token),
        },
        until: made.expiresAt ?? Number.POSITIVE_INFINITY,
      };
    }, clock);
  }
  if (tokenFile !== undefined) {
    const read = async () => ({ ...own, headers: bearer(await readTokenFile(tokenFile, user.source)) });
    return keptOnFailure(read, token && { ...own, headers: bearer(token) }, clock);
  }
  const authorization =
    token !== undefined
      ? bearer(token)
      : basic !== undefined
        ? {
            ...impersonation,
            authorization: Secret.of(`Basic ${Buffer.from(`${basic.username}:${basic.password.reveal()}`).toString("base64")}`),
          }
        : impersonation;
  return { current: async () => ({ ...own, headers: authorization }), renew: () => false };
}

interface Dated {
  readonly value: Credential;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Keeps a credential until it ends; callers at the same time share one attempt, and a failed one is not kept. */
function cached(make: (signal: AbortSignal) => Promise<Dated>, clock: () => number): CredentialSource {
  const shared = createShared(make);
  const made = new WeakMap<Credential, Dated>();
  return {
    async current(signal) {
      let dated = await shared.get(signal);
      if (dated.until <= clock()) {
        shared.forget(dated);
        // One that has ended the moment it was made is the API server's to judge.
        dated = await shared.get(signal);
      }
      made.set(dated.value, dated);
      return dated.value;
    },
    renew(stale) {
      const dated = made.get(stale);
      if (dated !== undefined) shared.forget(dated);
      return true;
    },
  };
}

/**
 * Reads anew when its time is up. Where that fails, the last one goes on, to be tried again at the next request, unless the API server
 * has refused it: a file that is being written must not end a run.
 */
function keptOnFailure(
  read: () => Promise<Credential>,
  otherwise: Credential | undefined,
  clock: () => number,
): CredentialSource {
  let last = otherwise;
  const source = cached(async () => {
    try {
      last = await read();
      return { value: last, until: clock() + TOKEN_FILE_MILLISECONDS };
    } catch (error) {
      if (last === undefined) throw error;
      return { value: last, until: clock() };
    }
  }, clock);
  return {
    current: source.current,
    renew(stale) {
      if (last === stale) last = undefined;
      return source.renew(stale);
    },
  };
}
