import type { Published } from "../../../clients/horizon/types";
import { differences } from "../../../domain/horizon/differences";
import { withoutSignatures } from "../../../domain/horizon/publication";
import { readVerificationKey } from "../../../domain/horizon/signing-key";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { refreshedImport } from "../placement/import-report";
import { listed } from "../placement/report";
import type { PublicationKind } from "./kind";
import { ADDRESS, asState, describe, marksOf, nativeId, type PublicationState, publishedOf, requireOrg } from "./model";
import { asOwned, requireSight } from "./ownership";
import { isSameKey, isSignedByAll } from "./signing";

/** Refreshes the status. What is gone stays in the state as `missing`, so that a review sees why it is published anew. */
export async function readPublication(
  kind: PublicationKind,
  { state: value, privateData }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  if (provider.horizon.unknown !== undefined) return { state: value };
  const state = asState(value);
  return within(kind.schema, value, "read", caller, async (signal) => {
    const client = await provider.horizon.client();
    requireOrg(state, client, kind);
    const publications = kind.publications(client);
    const id = nativeId(state);
    const doing = { what: `${describe(kind, state.id)} could not be read`, path: ["definition"], address: ADDRESS };
    const [found, key] = await during(doing, async () => {
      const found = await publications.get(id, signal);
      if (found === undefined) return [undefined, undefined];
      return [found, await publications.getKey(id, state.key_name ?? kind.keyName, signal)];
    });
    if (found === undefined) await during(doing, () => requireSight(kind, state, privateData, client, signal));
    const edited = found === undefined ? [] : editedOf(value, found);
    if (edited.length > 0) report(wasEdited(kind, state, edited));
    const expired = expiryOf(kind, state, provider.runtime.clock());
    if (expired !== undefined) report(expired);
    const status = statusOf(state, found, key, edited.length > 0);
    const isOurs = found !== undefined && marksOf(found) !== "" && marksOf(found) === marksOf(publishedOf(state.published));
    const owner = isOurs && typeof found.owner === "string" ? found.owner : undefined;
    return {
      state: { ...value, status },
      privateData: { ...asOwned(privateData, owner), ...refreshedImport(privateData) },
    };
  });
}

function editedOf(state: ObjectValue, found: Published): readonly string[] {
  return differences(withoutSignatures(publishedOf(state.published)) as object, withoutSignatures(found) as object);
}

function statusOf(state: PublicationState, found: Published | undefined, key: string | undefined, isEdited: boolean): string {
  if (found === undefined) return "missing";
  if (isEdited) return "edited";
  if (key === undefined) return "key_missing";
  const own = state.public_key ?? "";
  if (!isSameKey(key, own)) return "key_replaced";
  return isSignedByAll(found, own) ? "published" : "unsigned";
}

function wasEdited(kind: PublicationKind, state: PublicationState, places: readonly string[]): Diagnostic {
  return {
    severity: "warning",
    summary: `The ${kind.noun} was edited`,
    detail: `${describe(kind, state.id)} is not what was published any more: ${listed(places)}. An apply publishes it anew, in place.`,
    path: ["definition"],
  };
}

/** Nodes look at a certificate's dates. */
function expiryOf(kind: PublicationKind, state: PublicationState, now: Date): Diagnostic | undefined {
  const fault = readVerificationKey(state.public_key ?? "", now);
  if (typeof fault !== "string") return undefined;
  return {
    severity: "warning",
    summary: "Nodes refuse the signature",
    detail: `${describe(kind, state.id)}: what nodes verify with ${fault}.`,
    path: ["public_key"],
  };
}
