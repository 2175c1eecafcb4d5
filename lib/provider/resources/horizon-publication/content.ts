import { canonicalJson } from "../../../domain/horizon/canonical-json";
import type { Definition } from "../../../domain/horizon/definition";
import { differences } from "../../../domain/horizon/differences";
import { withoutSignatures } from "../../../domain/horizon/publication";
import { signDeployment } from "../../../domain/horizon/signing-key";
import type { ConfiguredProvider } from "../../configured/provider";
import type { PrivateData } from "../../framework/definition";
import { equal } from "../../framework/equal";
import { isWhollyKnown, type ObjectValue } from "../../framework/value";
import { isImported } from "../placement/import-report";
import type { PublicationKind } from "./kind";
import { asState, definitionOf } from "./model";
import { isSameKey, type KeyPair } from "./signing";

/** What is to be published: a definition that was prepared and signed. */
export async function signAnew(
  kind: PublicationKind,
  definition: Definition,
  keys: KeyPair,
  {
    config,
    provider,
    signal,
  }: { readonly config: ObjectValue; readonly provider: ConfiguredProvider; readonly signal: AbortSignal },
): Promise<Definition> {
  const prepared = (await kind.prepare?.(definition, config, provider, signal)) ?? definition;
  return kind.publish(prepared, (text) => signDeployment(text, keys.signing));
}

interface Kept {
  readonly config: ObjectValue;
  readonly prior: ObjectValue;
  readonly privateData: PrivateData;
  readonly org: string;
}

/**
 * Whether the plan may keep what was published: signatures are drawn by chance, so what says the same is never signed twice.
 * How a definition is written (blanks, the order of members) does not count; after an import neither does a tag for the digest that the
 * exchange has, where the registry says that it is this one (`prepare`).
 */
export async function isContentKept(
  kind: PublicationKind,
  definition: Definition | undefined,
  keys: KeyPair | undefined,
  { config, prior, privateData, org }: Kept,
  prepare: (definition: Definition) => Promise<Definition>,
): Promise<boolean> {
  const state = asState(prior);
  if (definition === undefined || keys === undefined || state.published === null || state.public_key === null) return false;
  if (!isSameKey(keys.uploaded, state.public_key)) return false;
  const settings = (kind.content ?? []).map((name) => config[name] ?? true);
  const former = (kind.content ?? []).map((name) => prior[name] ?? true);
  if (!isWhollyKnown(settings) || !equal(settings, former)) return false;
  const before = definitionOf(kind, prior, org);
  if (before === undefined) return false;
  if (canonicalJson(before) === canonicalJson(definition)) return true;
  // What an import made of what the exchange holds is written out, with all its defaults.
  const unsigned = (from: Definition) => withoutSignatures(kind.publish(from, () => "")) as Definition;
  const isSame = (one: Definition) => differences(unsigned(one), unsigned(before)).length === 0;
  if (!isImported(privateData)) return false;
  return isSame(definition) || isSame(await prepare(definition));
}
