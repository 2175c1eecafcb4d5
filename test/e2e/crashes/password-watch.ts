import { setTimeout as sleep } from "node:timers/promises";
import { SECRET_NAME } from "../support/access-hcl";
import type { Cluster } from "../support/cluster";
import { type Bluemix, dedicatedPassword } from "../support/dedicated";

const PAUSE_MS = 200;

/** Watches, as long as a rotation goes on, that no Secret holds a token that is dead. */
export interface PasswordWatch {
  /** Looks once more, and throws what was found so far. */
  look(): Promise<void>;
  /** Ends it; returns which Secrets held a dead token meanwhile. May be called again. */
  stop(): Promise<readonly string[]>;
}

/** Starts to look, again and again. What `namespaces` have no Secret are passed over. */
export function watchPasswords({
  owner,
  namespaces,
  cluster,
  bluemix,
}: {
  readonly owner: string;
  readonly namespaces: readonly string[];
  readonly cluster: Cluster;
  readonly bluemix: Bluemix;
}): PasswordWatch {
  const found = new Set<string>();
  const passwords = () =>
    Promise.all(
      namespaces.map(async (namespace) => {
        const secret = await cluster.secret(namespace, SECRET_NAME);
        return secret === undefined ? undefined : dedicatedPassword(cluster, namespace, SECRET_NAME);
      }),
    );
  const look = async () => {
    // What a Secret holds before and after is what it held while the tokens were read.
    const before = await passwords();
    const living = await bluemix.living(owner);
    const after = await passwords();
    namespaces.forEach((namespace, index) => {
      const password = before[index];
      if (password === undefined || password !== after[index] || living.some(({ value }) => value === password)) return;
      found.add(`${namespace} holds a token that is dead, while ${living.length} live`);
    });
  };

  const end = new AbortController();
  const looking = (async () => {
    while (!end.signal.aborted) {
      await look();
      await sleep(PAUSE_MS, undefined, { signal: end.signal }).catch(() => {});
    }
  })();
  // It is told by stop.
  looking.catch(() => {});
  return {
    async look() {
      await look();
      if (found.size > 0) throw new Error([...found].join("\n"));
    },
    async stop() {
      end.abort();
      await looking;
      return [...found];
    },
  };
}
