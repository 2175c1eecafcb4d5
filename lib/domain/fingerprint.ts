import { createHash, scryptSync, timingSafeEqual } from "node:crypto";
import type { Secret } from "./secret";

/** Bytes of salt, drawn at apply. */
export const SALT_BYTES = 16;

/** About 40 ms and 16 MiB a computation: cheap once per refresh, dear for who guesses passwords from a state. */
const COST = { N: 16384, r: 8, p: 1 } as const;
const HASH_BYTES = 32;
/** A state is input like any other: it must not make us spend more than this. */
const MAX_MEMORY_BYTES = 64 * 1024 * 1024;

interface Fingerprint {
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** `scrypt$N$r$p$salt$hash` of a content; salt and hash in base64url. */
export async function formatFingerprint(content: Secret, salt: Uint8Array): Promise<string> {
  const hash = await inTurn(() => derive(content, salt, COST, HASH_BYTES));
  return ["scrypt", COST.N, COST.r, COST.p, Buffer.from(salt).toString("base64url"), hash.toString("base64url")].join("$");
}

/** Compares contents with one fingerprint, with one computation per distinct content. */
export interface FingerprintVerifier {
  matches(content: Secret): Promise<boolean>;
}

/** A verifier of a fingerprint; of text that is none, one that nothing matches. */
export function createFingerprintVerifier(text: string): FingerprintVerifier {
  const fingerprint = parseFingerprint(text);
  // By their digests: a verifier lives as long as a run, and the contents, of which there may be one in each namespace, need not.
  const known = new Map<string, Promise<boolean>>();
  /** Once the content is found, no other one is it: a thousand edited Secrets take a thousand computations only where none is left as it was. */
  let found: string | undefined;
  return {
    async matches(content) {
      if (fingerprint === undefined) return false;
      const key = createHash("sha256").update(content.reveal()).digest("base64");
      const verifyUnlessFound = async () => {
        const isIt = await verify(content, fingerprint, () => found === undefined);
        if (isIt) found = key;
        return isIt;
      };
      const answer = known.get(key) ?? (found === undefined ? verifyUnlessFound() : Promise.resolve(false));
      known.set(key, answer);
      return answer;
    },
  };
}

/** @param isOpen - asked when its turn comes: false where it is known by then that this is not the content */
async function verify(content: Secret, { cost, salt, hash }: Fingerprint, isOpen: () => boolean): Promise<boolean> {
  return inTurn(() => isOpen() && timingSafeEqual(derive(content, salt, cost, hash.length), hash));
}

function parseFingerprint(text: string): Fingerprint | undefined {
  const match = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([\w-]+)\$([\w-]+)$/.exec(text);
  if (match === null) return undefined;
  const [N, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const affordable = N > 1 && (N & (N - 1)) === 0 && r > 0 && p > 0 && p <= 16 && 128 * N * r < MAX_MEMORY_BYTES;
  if (!affordable) return undefined;
  return { cost: { N, r, p }, salt: Buffer.from(match[4] ?? "", "base64url"), hash: Buffer.from(match[5] ?? "", "base64url") };
}

/** The computation that was begun last. */
let last: Promise<unknown> = Promise.resolve();

/**
 * One computation at a time, and in this thread: each takes its memory as long as it runs, and of each thread of Node's pool that ever ran
 * one the allocator keeps it. What else there is to do has its turn before each.
 */
function inTurn<T>(compute: () => T): Promise<T> {
  const done = last.then(async () => {
    await new Promise((go) => setImmediate(go));
    return compute();
  });
  last = done.catch(() => undefined);
  return done;
}

function derive(content: Secret, salt: Uint8Array, cost: Fingerprint["cost"], bytes: number): Buffer {
  return scryptSync(content.reveal(), salt, bytes, { ...cost, maxmem: MAX_MEMORY_BYTES + 1024 * 1024 });
}
