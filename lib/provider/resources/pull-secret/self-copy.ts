import { describeDockerSecret } from "../../docker-secret";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, UNKNOWN, type Unknown, type Value } from "../../framework/value";
import { statusIn, type Targets } from "../placement/targets";
import { isCopy, sourceOf } from "./copies";
import { entriesOf } from "./entries";

/**
 * The namespaces out of which a pull secret copies a Secret of its own name. Such a namespace has it already, so no selector means it: it
 * would be a copy of itself. Unknown where it may be so, and is not known yet.
 */
export function sourceNamespaces({ name = null, registries = null }: ObjectValue): readonly string[] | Unknown {
  if (isUnknown(registries) || (Array.isArray(registries) && (registries as readonly Value[]).some(isUnknown))) return UNKNOWN;
  const found = new Set<string>();
  for (const [, entry] of entriesOf(registries).filter(([, each]) => isCopy(each))) {
    const from = entry.copy_from;
    if (isUnknown(from)) return UNKNOWN;
    const { name: copied, namespace } = from as ObjectValue;
    if (typeof name === "string" && typeof copied === "string" && copied !== name) continue;
    if (typeof name !== "string" || typeof copied !== "string" || typeof namespace !== "string") return UNKNOWN;
    found.add(namespace);
  }
  return [...found].sort();
}

/**
 * What this resource has written is no source: where the namespace is to be served no longer, the apply would take away what it copies.
 * `prior` is a state of the cluster that is configured.
 * @throws DiagnosticError where a Secret of the state is copied
 */
export function refuseOwn(config: ObjectValue, prior: ObjectValue): void {
  if (config.name !== prior.name) return;
  for (const [index, entry] of entriesOf(config.registries)) {
    const source = sourceOf(entry, index);
    if (source === undefined || source.name !== config.name) continue;
    const status = statusIn((prior.targets ?? null) as Targets | null, source.namespace);
    if (status === undefined || status === "missing" || status === "foreign") continue;
    throw DiagnosticError.at(
      source.path,
      "A copy of itself",
      `copy_from names the ${describeDockerSecret(source)}, which this resource has written itself, and would take away. Name another source, or give this pull secret another name.`,
    );
  }
}
