import { createFingerprintVerifier, type FingerprintVerifier } from "../../../domain/fingerprint";
import type { ConfiguredProvider } from "../../configured/provider";

/** By the provider of a run: a refresh, the plan after it, and whoever copies the same content look at the same values. */
const verifiers = new WeakMap<ConfiguredProvider, Map<string, FingerprintVerifier>>();

/** The verifier of a fingerprint, of which a run has one: no content is computed twice in it. */
export function verifierOf(provider: ConfiguredProvider, fingerprint: string): FingerprintVerifier {
  const known = verifiers.get(provider) ?? new Map<string, FingerprintVerifier>();
  verifiers.set(provider, known);
  const verifier = known.get(fingerprint) ?? createFingerprintVerifier(fingerprint);
  known.set(fingerprint, verifier);
  return verifier;
}
