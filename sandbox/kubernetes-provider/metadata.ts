import type { ObjectValue, Value } from "../../lib/provider/framework/value";

/** An object's metadata, as much as the state shows and writes change. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly generation?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Texts;
  readonly annotations?: Texts;
}
/** Labels or annotations. */
export interface Texts {
  readonly [name: string]: string;
}

/** Patterns of labels and annotations that the provider's configuration leaves to others. */
export interface Ignored {
  readonly annotations: readonly RegExp[];
  readonly labels: readonly RegExp[];
}

/** The metadata without what the cluster's own parts put there, and what is ignored; names that the state has stay. */
export function visibleMetadata(metadata: Metadata, prior: ObjectValue | undefined, ignored: Ignored): Metadata {
  return {
    ...metadata,
    annotations: visible(metadata.annotations, prior?.annotations, ignored.annotations),
    labels: visible(metadata.labels, prior?.labels, ignored.labels),
  };
}

function visible(texts: Texts | undefined, prior: Value | undefined, ignored: readonly RegExp[]): Texts {
  const own = new Set(typeof prior === "object" && prior !== null ? Object.keys(prior) : []);
  return Object.fromEntries(
    Object.entries(texts ?? {}).filter(
      ([name]) => own.has(name) || !(isInternal(name) || ignored.some((pattern) => pattern.test(name))),
    ),
  );
}

/** True for names under kubernetes.io and its subdomains, but for the two that users are meant to set. */
function isInternal(name: string): boolean {
  const host = name.split("/")[0] ?? "";
  if (host === "app.kubernetes.io" || host === "service.beta.kubernetes.io") return false;
  return host.endsWith("kubernetes.io") || name.includes("deprecated.daemonset.template.generation");
}

/** Labels (or annotations) with the change from `prior` to `planned` made; what stands beside them stays. */
export function patchTexts(current: Texts | undefined, prior: Value | undefined, planned: Value | undefined): Texts {
  const [before, after] = [texts(prior), texts(planned)];
  const kept = Object.entries(current ?? {}).filter(([name]) => !(name in before) || name in after);
  const changed = Object.entries(after).filter(([name, value]) => before[name] !== value);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed) };
}

function texts(value: Value | undefined): Texts {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Texts) : {};
}
