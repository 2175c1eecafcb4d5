import type { Path } from "../../../lib/domain/problem";
import { type ObjectValue, UNKNOWN, type Value } from "../../../lib/provider/framework/value";
import { planLegacy } from "../../../sandbox/kubernetes-provider/plan";
import { resourceSchema } from "../../../sandbox/kubernetes-provider/schemas";
import { asTerraform, recordedConfig, recordedState } from "./recorded";

/** A copy with one value set. */
function set(value: Value, [step, ...rest]: Path, to: Value): Value {
  if (step === undefined) return to;
  if (Array.isArray(value)) {
    const copy: Value[] = [...(value as readonly Value[])];
    copy[Number(step)] = set(copy[Number(step)] ?? {}, rest, to);
    return copy;
  }
  const object = value as ObjectValue;
  return { ...object, [String(step)]: set(object[step] ?? null, rest, to) };
}

const template: Path = ["spec", 0, "template", 0, "spec", 0];

interface Case {
  readonly type: string;
  /** What is written in the configuration. */
  readonly at: Path;
  readonly to: Value;
  /** What is planned there. @default - what is written */
  readonly planned?: Value;
  readonly requiresReplace?: readonly Path[];
  /** Nothing changes: the prior state stays. */
  readonly same?: true;
}

const cases: { readonly [name: string]: Case } = {
  "a changed label is updated in place": {
    type: "kubernetes_namespace_v1",
    at: ["metadata", 0, "labels"],
    to: { pull: "no" },
  },
  "labels taken away are planned null": {
    type: "kubernetes_namespace_v1",
    at: ["metadata", 0, "labels"],
    to: null,
  },
  "an empty map where the state has an empty map is no change": {
    type: "kubernetes_namespace_v1",
    at: ["metadata", 0, "annotations"],
    to: {},
    same: true,
  },
  "another name is another object": {
    type: "kubernetes_namespace_v1",
    at: ["metadata", 0, "name"],
    to: "other",
    requiresReplace: [["metadata", 0, "name"]],
  },
  "replicas are updated in place": {
    type: "kubernetes_deployment_v1",
    at: ["spec", 0, "replicas"],
    to: "5",
  },
  "replicas left out stay as the cluster has them": {
    type: "kubernetes_deployment_v1",
    at: ["spec", 0, "replicas"],
    to: null,
    same: true,
  },
  "a Deployment's image is updated in place": {
    type: "kubernetes_deployment_v1",
    at: [...template, "container", 0, "image"],
    to: "other",
  },
  "the same quantity in other words is no change": {
    type: "kubernetes_deployment_v1",
    at: [...template, "container", 0, "resources", 0, "requests"],
    to: { cpu: "0.01", memory: "16384Ki" },
    same: true,
  },
  "another selector is another Deployment": {
    type: "kubernetes_deployment_v1",
    at: ["spec", 0, "selector", 0, "match_labels"],
    to: { app: "other" },
    requiresReplace: [["spec", 0, "selector", 0, "match_labels"]],
  },
  "an image that is not known yet": {
    type: "kubernetes_deployment_v1",
    at: [...template, "container", 0, "image"],
    to: UNKNOWN,
  },
  "pull secrets left out stay as the cluster has them": {
    type: "kubernetes_deployment_v1",
    at: [...template, "image_pull_secrets"],
    to: [],
    same: true,
  },
  "a Pod's image is another Pod": {
    type: "kubernetes_pod_v1",
    at: ["spec", 0, "container", 0, "image"],
    to: "other",
    requiresReplace: [["spec", 0, "container", 0, "image"]],
  },
  "a Pod's deadline is updated in place": {
    type: "kubernetes_pod_v1",
    at: ["spec", 0, "active_deadline_seconds"],
    to: 60,
  },
  "a default left out is planned": {
    type: "kubernetes_service_account_v1",
    at: ["automount_service_account_token"],
    to: null,
    planned: true,
  },
};

test.each(Object.entries(cases))("%s", (_, { type, at, to, planned, requiresReplace, same }) => {
  const schema = resourceSchema(type);
  const prior = recordedState(type);
  const config = set(asTerraform(schema, recordedConfig(type)), at, to) as ObjectValue;
  expect(planLegacy(schema, config, prior)).toEqual({
    planned: same ? prior : set(prior, at, planned === undefined ? to : planned),
    requiresReplace: requiresReplace ?? [],
  });
});
