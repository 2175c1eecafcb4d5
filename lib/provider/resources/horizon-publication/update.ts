import { canonicalJson } from "../../../domain/horizon/canonical-json";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { withoutImport } from "../placement/import-report";
import { signAnew } from "./content";
import type { PublicationKind } from "./kind";
import { ADDRESS, asState, definitionOf, describe, nativeId, publishedOf, requireOrg } from "./model";
import { asOwned, ownLogin } from "./ownership";
import { keyPairOf } from "./signing";
import { publishOver, type Writing } from "./write";

/** What an update is given. */
export interface Update {
  readonly prior: ObjectValue;
  readonly planned: ObjectValue;
  readonly config: ObjectValue;
  readonly privateData: PrivateData;
}

/** Publishes in place: what was signed already as it is, what is new with new signatures. */
export async function updatePublication(
  kind: PublicationKind,
  { prior, planned, config, privateData }: Update,
  { provider, signal: caller }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(kind.schema, planned, "update", caller, async (signal) => {
    const state = asState(prior);
    const plan = asState(planned);
    const client = await provider.horizon.client();
    requireOrg(state, client, kind);
    const definition = definitionOf(kind, config, client.org);
    const keys = keyPairOf(config, provider);
    if (definition === undefined || keys === undefined) throw new Error("an apply knows definition and key");
    const isKept = typeof planned.published === "string";
    const body = isKept ? publishedOf(planned.published) : await signAnew(kind, definition, keys, { config, provider, signal });
    const writing: Writing = { publications: kind.publications(client), id: nativeId(state), body, signal };
    const doing = { what: `${describe(kind, state.id)} could not be published`, path: ["definition"], address: ADDRESS };
    const key = { name: plan.key_name ?? kind.keyName, pem: keys.uploaded, formerName: state.key_name };
    await during(doing, () => publishOver(writing, key));
    const published = isKept ? (planned.published ?? null) : canonicalJson(body);
    return {
      state: { ...planned, public_key: keys.uploaded, published, status: "published" },
      privateData: asOwned(withoutImport(privateData), await ownLogin(client, signal).catch(() => undefined)),
    };
  });
}
