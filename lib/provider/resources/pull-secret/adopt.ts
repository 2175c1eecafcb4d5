import type { SecretObject } from "../../../clients/kubernetes/client";
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE, hostKeysOf } from "../../../domain/docker-config";
import { type Claim, describeOwner, OWNER_ANNOTATION } from "../../../domain/ownership";
import { comparableKey, describeConfigKey } from "../../../domain/registry-host";
import type { Secret } from "../../../domain/secret";
import type { PrivateData } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { NotTaken } from "../placement/refused";
import { listed, shorten } from "../placement/report";
import { parseAdopted } from "./memory";
import { claimOnSecret, contentOf, type Metadata } from "./model";

/** More groups than this are counted, and no longer listed. */
const GROUPS_SHOWN = 50;

/** How this resource takes other people's Secrets. */
export interface Admission {
  readonly name: string;
  readonly metadata: Pick<Metadata, "ownership">;
  /** The owner in the state, where the configured one differs: its Secrets are relabelled. */
  readonly formerOwner?: string;
  /** Namespaces whose Secret is this resource's, as the state has it. @default - none: the resource is new */
  readonly held?: ReadonlySet<string>;
  /** `adopt_existing`: a foreign Secret is taken over. */
  readonly adopt: boolean;
}

/** True for a Secret that is neither this resource's nor another one's of its owner. */
export function isForeign(secret: SecretObject, admission: Admission): boolean {
  return claimOf(secret, admission) === "foreign";
}

function claimOf(secret: SecretObject, { metadata: { ownership }, formerOwner, held }: Admission): Claim {
  return claimOnSecret(secret, ownership, { otherOwner: formerOwner, held });
}

/**
 * Those that this resource may not write: foreign ones unless adoption was asked for, and even then those that can't be written in
 * place or are somebody's for good; an immutable one of another resource of its owner. Undefined where there is none.
 * @param consequence - a sentence on what was not done for it
 */
export function findForeign(found: readonly SecretObject[], admission: Admission, consequence?: string): NotTaken | undefined {
  const refused = found.flatMap((secret) => {
    const reasons = refusalsOf(secret, admission);
    return reasons.length === 0 ? [] : [{ namespace: secret.metadata.namespace ?? "", reasons }];
  });
  if (refused.length === 0) return undefined;
  const all = refused.flatMap(({ reasons }) => reasons);
  const told = consequence === undefined ? all : all.map((each) => ({ ...each, detail: `${each.detail} ${consequence}` }));
  return new NotTaken(
    "foreign",
    refused.map(({ namespace }) => namespace),
    shorten(told),
  );
}

function refusalsOf(secret: SecretObject, admission: Admission): readonly Diagnostic[] {
  const claim = claimOf(secret, admission);
  if (claim === "ours") return [];
  if (claim === "same_owner") return refusal(secret, admission, "It is not taken up");
  return admission.adopt ? refusal(secret, admission, "adopt_existing does not take it over") : [foreign(secret, admission)];
}

function where(secret: SecretObject, admission: Admission): string {
  const { owner } = admission.metadata.ownership;
  const { namespace, annotations } = secret.metadata;
  const isCopied = annotations?.[OWNER_ANNOTATION] === owner && isForeign(secret, admission);
  const whose = isCopied
    ? `carries the annotation ${OWNER_ANNOTATION} of this owner (${JSON.stringify(owner)}), but is not as this provider writes one`
    : describeOwner(secret.metadata);
  return `Namespace ${JSON.stringify(namespace)} has a Secret ${JSON.stringify(admission.name)} already, and it ${whose}.`;
}

function remove({ metadata }: SecretObject, name: string): string {
  return `kubectl delete secret --namespace ${metadata.namespace} ${name}`;
}

function foreign(secret: SecretObject, admission: Admission): Diagnostic {
  const { name } = admission;
  const obstacle = obstacleOf(secret, name);
  const adopt =
    obstacle === undefined
      ? "Set adopt_existing = true to take it over: the plan then says what would be lost. Or give"
      : `adopt_existing would not take this one over either: ${obstacle.reason} Give`;
  return {
    severity: "error",
    summary: "Secret belongs to somebody else",
    detail: `${where(secret, admission)} It was left as it is. ${adopt} this pull secret another name; or, if nobody needs that Secret, delete it (${remove(secret, name)}) and apply again.`,
    path: ["name"],
  };
}

/** The error for one that is not taken over even when asked for, nor taken up. `how` says which. */
function refusal(secret: SecretObject, admission: Admission, how: string): readonly Diagnostic[] {
  const { name, adopt } = admission;
  const obstacle = obstacleOf(secret, name);
  if (obstacle === undefined) return [];
  const detail = `${where(secret, admission)} ${how}: ${obstacle.reason} It was left as it is. ${obstacle.fix}`;
  return [{ severity: "error", summary: obstacle.summary, detail, path: [adopt ? "adopt_existing" : "name"] }];
}

interface Obstacle {
  readonly summary: string;
  /** Sentences that follow a colon. */
  readonly reason: string;
  readonly fix: string;
}

/** Why a Secret that is not this resource's is never taken: what is frozen would have to be deleted first, and a controller's would be taken back. */
function obstacleOf(secret: SecretObject, name: string): Obstacle | undefined {
  const { type = "Opaque", immutable, metadata } = secret;
  const [owner] = metadata.ownerReferences ?? [];
  const refuse = (summary: string, reason: string, fix: string): Obstacle => ({ summary, reason, fix });
  if (type !== DOCKER_CONFIG_TYPE) {
    return refuse(
      "Secret of another type",
      `its type is ${JSON.stringify(type)}, which can't be changed to ${JSON.stringify(DOCKER_CONFIG_TYPE)}, and whoever made it so may need it.`,
      `Give this pull secret another name, or delete that Secret yourself (${remove(secret, name)}).`,
    );
  }
  if (immutable === true) {
    return refuse(
      "Immutable Secret",
      "it is immutable, so that it would have to be deleted and made anew, and Pods could not pull in between.",
      `Give this pull secret another name and let the Pods use that; or delete the Secret yourself when nothing pulls (${remove(secret, name)}).`,
    );
  }
  if (owner !== undefined) {
    return refuse(
      "Secret of a controller",
      `it has an owner in the cluster, ${owner.kind} ${JSON.stringify(owner.name)} (metadata.ownerReferences), which would write it back, or take it along when it is deleted.`,
      "Have that owner let go of it first, or give this pull secret another name.",
    );
  }
  return undefined;
}

/** Says after a write what was taken over, as far as the plan could not say it yet. */
export function reportAdopted(
  adopted: readonly SecretObject[],
  {
    name,
    content,
    privateData,
    report,
  }: {
    readonly name: string;
    readonly content: Secret;
    readonly privateData: PrivateData;
    readonly report: (diagnostic: Diagnostic) => void;
  },
): void {
  const said = new Set(parseAdopted(privateData));
  const unsaid = adopted.filter(({ metadata }) => !said.has(metadata.namespace ?? ""));
  const warning = adoptionWarning(unsaid, name, hostKeysOf(content), "were");
  if (warning !== undefined) report(warning);
}

/**
 * The warning for Secrets that are taken over: whose each is, and which registry hosts it opens that the new content doesn't.
 * Never a value. Undefined where there is none.
 * @param hosts - keys of the new content; undefined where they are not known yet
 */
export function adoptionWarning(
  secrets: readonly SecretObject[],
  name: string,
  hosts: readonly string[] | undefined,
  tense: "would be" | "were",
): Diagnostic | undefined {
  if (secrets.length === 0) return undefined;
  const groups = new Map<string, string[]>();
  for (const secret of secrets) {
    const what = `it ${describeOwner(secret.metadata)}; ${lossOf(secret, hosts)}`;
    const group = groups.get(what);
    if (group === undefined) groups.set(what, [secret.metadata.namespace ?? ""]);
    else group.push(secret.metadata.namespace ?? "");
  }
  const lines = [...groups].slice(0, GROUPS_SHOWN).map(([what, namespaces]) => `  - ${listed(namespaces, 20)}: ${what}`);
  const more = groups.size > GROUPS_SHOWN ? [`  - and ${groups.size - GROUPS_SHOWN} more groups of namespaces`] : [];
  const head = `adopt_existing is set, and somebody else's Secrets ${JSON.stringify(name)} ${tense} taken over, in place:`;
  const tail = "From then on they are this resource's: destroy deletes them. Their former content is not kept.";
  return {
    severity: "warning",
    summary: tense === "were" ? "Secrets were taken over" : "Secrets would be taken over",
    detail: [head, ...lines, ...more, tail].join("\n"),
    path: ["adopt_existing"],
  };
}

function lossOf(secret: SecretObject, hosts: readonly string[] | undefined): string {
  const content = contentOf(secret);
  const keys = content === undefined ? undefined : hostKeysOf(content);
  const others = Object.keys(secret.data ?? {}).filter((key) => key !== DOCKER_CONFIG_KEY);
  const data = others.length === 0 ? "" : `; lost with it: the data ${others.map((key) => JSON.stringify(key)).join(", ")}`;
  if (keys === undefined) return `its content is no docker config JSON, and is replaced${data}`;
  if (hosts === undefined) {
    const list = keys.length === 0 ? "no registry hosts" : keys.map(describeConfigKey).join(", ");
    return `it opens ${list}; which of them would be lost is not known yet${data}`;
  }
  const kept = new Set(hosts.map(comparableKey));
  const lost = keys.filter((key) => !kept.has(comparableKey(key)));
  return lost.length === 0 ? `no registry host is lost${data}` : `lost: ${lost.map(describeConfigKey).join(", ")}${data}`;
}
