import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { HORIZON_PREFIXES } from "../../../domain/environment-name";
import type { Definition } from "../../../domain/horizon/definition";
import { signaturesOf } from "../../../domain/horizon/publication";
import {
  exportPublicKey,
  isSignedBy,
  readSigningKey,
  readVerificationKey,
  type SigningKey,
} from "../../../domain/horizon/signing-key";
import type { Path } from "../../../domain/problem";
import { processRedactor } from "../../../domain/redaction";
import { Secret } from "../../../domain/secret";
import { readSecretFromEnvironment } from "../../configuration/environment-secret";
import type { ConfiguredProvider } from "../../configured/provider";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue } from "../../framework/value";

/** A signing key, and what nodes verify with. */
export interface KeyPair {
  readonly signing: SigningKey;
  /** PEM, as it is uploaded: the configured one, or the signing key's own. */
  readonly uploaded: string;
}

/**
 * The key pair of a configuration; undefined where it is not known yet.
 * @throws DiagnosticError where there is none that nodes take, or the two don't belong together
 */
export function keyPairOf(config: ObjectValue, provider: ConfiguredProvider): KeyPair | undefined {
  const { public_key: given = null } = config;
  const found = pemOf(config, provider);
  if (found === undefined || isUnknown(given)) return undefined;
  processRedactor.remember(found.pem);
  const signing = readSigningKey(found.pem);
  if (typeof signing === "string") {
    throw DiagnosticError.at(
      found.path,
      "Invalid signing key",
      `What ${String(found.path[0])} gives ${signing}. Give the private key that hzn key create or openssl genrsa made.`,
    );
  }
  if (typeof given !== "string") return { signing, uploaded: signing.publicKey };
  const verifying = readVerificationKey(given, provider.runtime.clock());
  if (typeof verifying === "string")
    throw DiagnosticError.at(["public_key"], "Invalid public key", `What was given ${verifying}.`);
  if (exportPublicKey(verifying) === signing.publicKey) return { signing, uploaded: given };
  throw DiagnosticError.at(
    ["public_key"],
    "Keys of two pairs",
    "public_key does not belong to the signing key, so that no node would take what it signs. Give the one that was made with it, or leave public_key out.",
  );
}

function pemOf(config: ObjectValue, { runtime }: ConfiguredProvider): { readonly pem: Secret; readonly path: Path } | undefined {
  const { signing_key_wo: value, signing_key_env: variable, signing_key_file: file } = config;
  if (typeof value === "string") return { pem: Secret.of(value), path: ["signing_key_wo"] };
  if (typeof variable === "string") {
    const path = ["signing_key_env"];
    return { pem: readSecretFromEnvironment(variable, HORIZON_PREFIXES, path, runtime.environment), path };
  }
  return typeof file === "string" ? { pem: readKeyFile(file), path: ["signing_key_file"] } : undefined;
}

function readKeyFile(file: string): Secret {
  try {
    return Secret.of(readFileSync(file.replace(/^~(?=\/)/, homedir()), "utf8"));
  } catch (error) {
    const why = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw DiagnosticError.at(
      ["signing_key_file"],
      "Signing key can't be read",
      `${JSON.stringify(file)} can't be read${why} where the provider runs. Correct the path, make the key there (hzn key create, openssl genrsa -out service.private.key 4096), or give it by signing_key_wo or signing_key_env.`,
    );
  }
}

/** Whether two PEMs hold the same public key, whatever stands around it. */
export function isSameKey(one: string, other: string): boolean {
  try {
    return exportPublicKey(createPublicKey(one)) === exportPublicKey(createPublicKey(other));
  } catch {
    return one === other;
  }
}

/** Whether a node that has this key takes all that is signed. */
export function isSignedByAll(published: Definition, pem: string): boolean {
  try {
    const key = createPublicKey(pem);
    return signaturesOf(published).every(({ text, signature }) => isSignedBy(text, signature, key));
  } catch {
    return false;
  }
}
