import { isRecord } from "../json";
import { isOurs, withoutKeys } from "../plan-json/address";
import { changedAttributes, type Plan, type PlanResource, type PlanValues } from "../plan-json/read-plan";
import { type Verdict, verdictOn } from "./verdict";

/** An object of the cluster that somebody else may have written to. */
export interface DriftPlace {
  readonly kind: "Secret" | "ServiceAccount";
  readonly namespace: string;
  readonly name: string;
  /** The UID of the kube-system namespace of its cluster, from the state. @default - the state has none */
  readonly cluster?: string;
}

/** One thing that is not as it was deployed, or soon won't work. */
export interface DriftItem {
  /** The resource, with the keys of instances left out: they are anybody's texts. */
  readonly address: string;
  readonly verdict: Verdict;
  /** The namespace, or namespace and ServiceAccount. @default - it stands for the whole resource */
  readonly target?: string;
  /** When it ends (RFC 3339). @default - nothing is said */
  readonly expiresAt?: string;
  /** Attributes that changed. @default - it is told by its status */
  readonly attributes?: readonly string[];
  readonly place?: DriftPlace;
}

/** What became of a stack's resources. */
export interface StackDrift {
  readonly items: readonly DriftItem[];
  /** Resources of the provider `registry` that were looked at. */
  readonly resources: number;
  /** Resources of other providers that changed outside of Terraform; they are not judged, unless they are gone. */
  readonly others: readonly string[];
}

const KUBERNETES_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/**
 * What is not as it was deployed. The refreshed state says it, not the difference to the one before: somebody may have refreshed since.
 *
 * @param soonSeconds - a credential that ends within this time is expiring
 * @param attributesOf - the attributes of a type that may be named
 */
export function driftOf(
  plan: Plan,
  now: Date,
  soonSeconds: number,
  attributesOf: (type: string) => readonly string[],
): StackDrift {
  const ours = plan.resources.filter(({ provider }) => isOurs({ provider }));
  const items = ours.flatMap((resource) => itemsOf(resource, now, soonSeconds));
  const told = new Set(ours.filter((resource) => itemsOf(resource, now, soonSeconds).length > 0).map(({ address }) => address));
  const drifted = plan.drift.filter(({ mode, actions }) => mode === "managed" && actions.some((action) => action !== "no-op"));
  const others: string[] = [];
  for (const { address, type, provider, actions, before, after } of drifted) {
    const isGone = actions.includes("delete");
    const shown = withoutKeys(address);
    if (isGone) items.push({ address: shown, verdict: "missing" });
    else if (!isOurs({ provider })) others.push(shown);
    else if (!told.has(address)) {
      const attributes = changedAttributes(before, after).filter((name) => attributesOf(type).includes(name));
      // That a status is in order again, or a time went on, is no drift.
      if (attributes.some((name) => !STANDING.has(name))) items.push({ address: shown, verdict: "edited", attributes });
    }
  }
  return { items, resources: ours.length, others };
}

/** What says how something stands, rather than what it is. */
const STANDING: ReadonlySet<string> = new Set(["status", "targets", "expires_at", "fingerprint"]);

function itemsOf(resource: PlanResource, now: Date, soonSeconds: number): readonly DriftItem[] {
  const { address, values } = resource;
  const at = withoutKeys(address);
  const ofTargets = isRecord(values.targets)
    ? Object.entries(values.targets).flatMap(([key, target]) => {
        const verdict = isRecord(target) && typeof target.status === "string" ? verdictOn(target.status) : "in_sync";
        if (verdict === "in_sync") return [];
        const place = placeOf(resource, key);
        return [{ address: at, verdict, target: targetName(key), ...(place === undefined ? {} : { place }) }];
      })
    : [];
  return [...ofTargets, ...ofCredential(at, values, now, soonSeconds)];
}

function ofCredential(address: string, values: PlanValues, now: Date, soonSeconds: number): readonly DriftItem[] {
  const expiresAt = typeof values.expires_at === "string" && TIME.test(values.expires_at) ? values.expires_at : undefined;
  const stated = typeof values.status === "string" ? verdictOn(values.status) : "in_sync";
  const left = expiresAt === undefined ? Number.POSITIVE_INFINITY : (Date.parse(expiresAt) - now.getTime()) / 1000;
  const aged = left <= 0 ? "expired" : left <= soonSeconds ? "expiring" : "in_sync";
  const verdict = stated === "in_sync" ? aged : stated;
  if (verdict === "in_sync") return [];
  const ends = verdict === "expired" || verdict === "expiring";
  return [{ address, verdict, ...(ends && expiresAt !== undefined ? { expiresAt } : {}) }];
}

/** Where the object of a target stands, of the two types that write many. */
function placeOf({ type, values }: PlanResource, key: string): DriftPlace | undefined {
  const [namespace = "", account] = key.split("/");
  const name = type === "registry_pull_secret" ? values.name : type === "registry_service_account_patch" ? account : undefined;
  if (typeof name !== "string" || !KUBERNETES_NAME.test(name) || !KUBERNETES_NAME.test(namespace)) return undefined;
  const kind = type === "registry_pull_secret" ? "Secret" : "ServiceAccount";
  return { kind, namespace, name, ...(typeof values.cluster === "string" ? { cluster: values.cluster } : {}) };
}

function targetName(key: string): string {
  return key.split("/").every((part) => KUBERNETES_NAME.test(part)) ? key : "\u2026";
}
