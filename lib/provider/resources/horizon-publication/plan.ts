import type { Definition } from "../../../domain/horizon/definition";
import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, isWhollyKnown, type ObjectValue, UNKNOWN } from "../../framework/value";
import { changedAfterImport, IN_CONFIGURATION, withoutImport } from "../placement/import-report";
import { isContentKept } from "./content";
import type { PublicationKind } from "./kind";
import { definitionOf, describe } from "./model";
import { keyPairOf } from "./signing";

/** Why what an import read may be another thing than what is configured. */
const UNTOLD = {
  definition: "what was published does not tell how its definition is written",
  variables: IN_CONFIGURATION,
  signing_key_env: IN_CONFIGURATION,
  signing_key_file: IN_CONFIGURATION,
  public_key: "another key signs from now on",
  adopt_existing: IN_CONFIGURATION,
  timeouts: IN_CONFIGURATION,
};

const ANEW = "It is published anew, in place, with new signatures.";

/**
 * Plans the publication. What drifted changes its `status`, so that a review sees why it is published anew; what is published is planned
 * unknown only where it is signed anew.
 * @throws DiagnosticError where definition or key are not right, or another resource publishes under the same id
 */
export async function planPublication(
  kind: PublicationKind,
  { config, prior, proposed, privateData }: PlanRequest,
  { provider, report, signal }: TypeContext<ConfiguredProvider>,
): Promise<PlanResult> {
  provider.horizon.check();
  const { org } = provider.horizon;
  const definition = org === undefined ? undefined : definitionOf(kind, config, org);
  const keys = keyPairOf(config, provider);
  const isNamed = definition !== undefined && !isUnknown(config.name);
  const id = isNamed ? kind.idOf(definition, config) : undefined;
  const exported = isNamed ? kind.exported(definition, id ?? "") : unknownOf(kind);
  const claimant = claimantOf({ prior, privateData }, "published");
  if (id !== undefined) claim(kind, id, claimant, provider);
  const planned: ObjectValue = {
    ...proposed,
    ...exported,
    org: org ?? UNKNOWN,
    id: id === undefined ? UNKNOWN : `${org}/${id}`,
    public_key: typeof config.public_key === "string" ? config.public_key : (keys?.uploaded ?? UNKNOWN),
    status: "published",
  };
  const isAnother = prior !== null && planned.id !== UNKNOWN && planned.id !== prior.id;
  if (prior === null || isAnother) {
    return {
      planned: { ...planned, published: UNKNOWN },
      privateData: asClaimant(withoutImport(privateData), claimant),
      requiresReplace: [["id"]],
    };
  }
  const prepare = (from: Definition) => prepared(kind, from, { config, prior }, provider, signal);
  const kept = org !== undefined && (await isContentKept(kind, definition, keys, { config, prior, privateData, org }, prepare));
  const whole: ObjectValue = { ...planned, published: kept ? (prior.published ?? UNKNOWN) : UNKNOWN };
  const untold = changedAfterImport(
    describe(kind, String(prior.id)),
    { prior, planned: whole, privateData },
    UNTOLD,
    kept ? undefined : ANEW,
  );
  if (untold !== undefined) report(untold);
  return { planned: whole, privateData: asClaimant(privateData, claimant), requiresReplace: [["id"]] };
}

/** What an apply would sign, where a plan can find that out: a registry's credential may be known at apply alone. */
async function prepared(
  kind: PublicationKind,
  definition: Definition,
  { config, prior }: { readonly config: ObjectValue; readonly prior: ObjectValue },
  provider: ConfiguredProvider,
  caller: AbortSignal,
): Promise<Definition> {
  if (kind.prepare === undefined || !isWhollyKnown(config)) return definition;
  try {
    return await within(kind.schema, prior, "read", caller, async (signal) => {
      return (await kind.prepare?.(definition, config, provider, signal)) ?? definition;
    });
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return definition;
  }
}

function unknownOf(kind: PublicationKind): ObjectValue {
  return Object.fromEntries(Object.keys(kind.exported({}, "")).map((name) => [name, UNKNOWN]));
}

function claim({ noun }: PublicationKind, id: string, claimant: string | null, { claims }: ConfiguredProvider): void {
  if (claims.claim(`horizon ${noun} ${id}`, claimant)) return;
  throw DiagnosticError.at(
    ["definition"],
    `Two ${noun}s of one id`,
    `Another registry_horizon_${noun} of this configuration publishes ${JSON.stringify(id)} too. They would overwrite each other at every apply: keep one of the two, or give one another url, version or arch (a pattern: another name).`,
  );
}
