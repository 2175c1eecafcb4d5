import type { RegistryAuth } from "../../../clients/horizon/types";
import { createFingerprintVerifier, formatFingerprint, SALT_BYTES } from "../../../domain/fingerprint";
import type { ConfiguredProvider } from "../../configured/provider";
import { ownPassword } from "../../credential-entry";
import type { PrivateData } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { equal } from "../../framework/equal";
import { isUnknown, isWhollyKnown, type ObjectValue, textOf, UNKNOWN, type Value } from "../../framework/value";
import { isImported } from "../placement/import-report";
import { canonicalAuth, computeAuth, entryOf } from "./model";

/** What says which credential is meant; the value itself is never in a state. */
const VISIBLE = ["registry", "credential_id", "username", "password_env", "password_wo_version"] as const;

/**
 * The fingerprint to plan for an update: the state's where the value is provably the same, else unknown.
 * A credential id stands for one value for good, so only passwords are compared. After an import nothing but the fingerprint tells.
 */
export async function planFingerprint(
  {
    config,
    prior,
    privateData,
  }: { readonly config: ObjectValue; readonly prior: ObjectValue; readonly privateData: PrivateData },
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<Value> {
  const { fingerprint } = prior;
  if (typeof fingerprint !== "string") return UNKNOWN;
  const visible = VISIBLE.map((name) => config[name] ?? null);
  if (!isWhollyKnown(visible) || isUnknown(config.password_wo)) return UNKNOWN;
  const { matches } = createFingerprintVerifier(fingerprint);
  const isSame = equal(
    visible,
    VISIBLE.map((name) => prior[name] ?? null),
  );
  if (!isSame) {
    if (!isImported(privateData)) return UNKNOWN;
    return (await matches(canonicalAuth(await computeAuth(config, provider, signal)))) ? fingerprint : UNKNOWN;
  }
  if (typeof config.credential_id === "string" || typeof config.password_wo_version === "number") return fingerprint;
  const token = ownPassword(entryOf(config), provider);
  if (token === undefined) return UNKNOWN;
  const own = { registry: textOf(config.registry), username: textOf(config.username), token };
  return (await matches(canonicalAuth(own))) ? fingerprint : UNKNOWN;
}

/** What is to be written, with its fingerprint: under a new salt where the plan leaves it unknown. @throws DiagnosticError where it is not what was planned */
export async function contentOf(
  planned: Value,
  config: ObjectValue,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<{ readonly auth: RegistryAuth; readonly fingerprint: string }> {
  const auth = await computeAuth(config, provider, signal);
  if (typeof planned !== "string") {
    return { auth, fingerprint: await formatFingerprint(canonicalAuth(auth), provider.runtime.randomBytes(SALT_BYTES)) };
  }
  if (await createFingerprintVerifier(planned).matches(canonicalAuth(auth))) return { auth, fingerprint: planned };
  throw DiagnosticError.at(
    undefined,
    "A credential changed since the plan",
    "The plan keeps the value (the fingerprint is unchanged), but the password or credential is now another than the one the fingerprint was made of. Nothing was written. Make a new plan; where password_wo_version is set, raise it.",
  );
}
