import type { SecretObject } from "../../../clients/kubernetes/client";
import { canonicalDockerConfig, formatDockerConfig } from "../../../domain/docker-config";
import { formatFingerprint, SALT_BYTES } from "../../../domain/fingerprint";
import type { Secret } from "../../../domain/secret";
import type { ConfiguredProvider } from "../../configured/provider";
import { DiagnosticError } from "../../framework/diagnostic";
import { type ObjectValue, UNKNOWN, type Unknown } from "../../framework/value";
import { resolveLogins } from "./credentials";
import { contentOf } from "./model";
import { hasContent } from "./status";
import { verifierOf } from "./verifier";

/** The content to write, and its fingerprint. */
export interface Content {
  readonly fingerprint: string;
  readonly isContent: (canonical: Secret) => Promise<boolean>;
  /** The docker config JSON. Credentials are fetched only now, and only once. */
  readonly text: () => Promise<Secret>;
}

/** What the API server lets a Secret's data hold (MaxSecretSize). */
const SECRET_BYTES = 1024 * 1024;

/** The docker config JSON of a configuration that is wholly known. */
export async function computeContent(config: ObjectValue, provider: ConfiguredProvider, signal: AbortSignal): Promise<Secret> {
  const text = formatDockerConfig(await resolveLogins(config, provider, signal));
  const bytes = Buffer.byteLength(text.reveal(), "utf8");
  if (bytes <= SECRET_BYTES) return text;
  throw DiagnosticError.at(
    ["registries"],
    "Too large for a Secret",
    `The docker config JSON is ${bytes} bytes; a Secret takes 1 MiB (${SECRET_BYTES} bytes). Spread the registries over several pull secrets, or see whether a password is really one.`,
  );
}

/** A docker config JSON of our own in its canonical form. */
export function canonical(text: Secret): Secret {
  const found = canonicalDockerConfig(text);
  if (found === undefined) throw new Error("our own docker config JSON is none");
  return found;
}

/** New content, with a fingerprint under a new salt. */
export async function createContent(config: ObjectValue, provider: ConfiguredProvider, signal: AbortSignal): Promise<Content> {
  const text = await computeContent(config, provider, signal);
  const expected = canonical(text).reveal();
  return {
    fingerprint: await formatFingerprint(canonical(text), provider.runtime.randomBytes(SALT_BYTES)),
    isContent: async (found) => found.reveal() === expected,
    text: async () => text,
  };
}

/**
 * Content that the plan says is unchanged. A copy in the cluster that the fingerprint vouches for gives it, so that a drifted
 * Secret is repaired without asking an issuer; only where no copy is left are the credentials fetched, and they must match.
 */
async function keepContent(
  fingerprint: string,
  copies: Iterable<SecretObject>,
  config: ObjectValue,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<Content> {
  const { matches } = verifierOf(provider, fingerprint);
  let text: Promise<Secret> | undefined;
  const find = async (): Promise<Secret> => {
    const copy = await findCopy(copies, matches);
    if (copy !== undefined) return copy;
    const computed = await computeContent(config, provider, signal);
    if (await matches(canonical(computed))) return computed;
    throw DiagnosticError.at(
      ["registries"],
      "A credential changed since the plan",
      "The plan keeps the Secrets' content (the fingerprint is unchanged), but a password or credential is now another than the one the fingerprint was made of, and no Secret with the planned content is left to copy. " +
        "Nothing was written. Make a new plan; where password_wo_version is set, raise it.",
    );
  };
  return { fingerprint, isContent: matches, text: () => (text ??= find()) };
}

/** The content for a plan's fingerprint: new where the plan leaves it unknown. */
export function contentFor(
  planned: string | Unknown,
  copies: Iterable<SecretObject>,
  config: ObjectValue,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<Content> {
  return planned === UNKNOWN ? createContent(config, provider, signal) : keepContent(planned, copies, config, provider, signal);
}

/** A docker config JSON that a fingerprint vouches for, out of Secrets that may have been edited. */
export async function findCopy(
  copies: Iterable<SecretObject>,
  matches: (canonical: Secret) => Promise<boolean>,
): Promise<Secret | undefined> {
  for (const copy of copies) if (await hasContent(copy, { isContent: matches })) return contentOf(copy);
  return undefined;
}
