import type { Construct } from "constructs";
import { checkDuration } from "../domain/duration";
import { dependable, Lazy, type TerraformMetaArguments, type TerraformResource, TerraformStack } from "./cdktf";
import { registryProvidersOf } from "./from-schema";
import { namespaceName } from "./namespaces";
import { PullCheck } from "./pull-check";
import { type Puller, pulledWith } from "./serving";
import { anything, isProps, type PropShape } from "./shape";

/** How a sample is checked. */
export interface SampleCheck {
  /** How long its Pods may take to pull, such as `2m`. @default - the resource's: `6m` */
  readonly timeout?: string | undefined;
  /** The provider `registry` of the sample's cluster. @default - the stack's with the alias of the sample's provider `kubernetes`; else its default one */
  readonly provider?: TerraformMetaArguments["provider"];
  /** What the Pods pull with: when it changes, the Pods are checked anew. @default - the pull secrets and patches of the sample's stack that serve it */
  readonly triggeredBy?: readonly TerraformResource[] | undefined;
}

const PROPS: readonly string[] = ["timeout", "provider", "triggeredBy"] satisfies (keyof SampleCheck)[];

/** What a sample's `check` may be. */
export const checkPropShape: PropShape = {
  ...anything,
  wanted: `false for none, or how it is checked: { ${PROPS.join(", ")} }`,
  accepts: (check) =>
    typeof check === "boolean" ||
    (isProps(check) &&
      Object.keys(check).every((name) => PROPS.includes(name)) &&
      (check.timeout === undefined || checkDuration(String(check.timeout), []) === undefined)),
};

/** The Pods of a sample. */
interface SamplePods extends Puller {
  readonly labels: { readonly [name: string]: string };
  readonly pods: number;
}

/**
 * Checks that a sample's Pods can pull: after the workload, and anew when the workload or what it pulls with changes. Terraform's
 * `replace_triggered_by` does not see a workload that is made again after somebody deleted it; its id is another one then.
 */
export function checkSample(
  sample: Construct,
  workload: TerraformResource & { readonly id: string },
  { labels, pods, ...puller }: SamplePods,
  check: SampleCheck | boolean | undefined,
): PullCheck | undefined {
  if (check === false) return undefined;
  const { timeout, provider, triggeredBy } = check === true || check === undefined ? {} : check;
  const made = new PullCheck(sample, "PullCheck", {
    ...(provider ? { provider } : {}),
    namespace: namespaceName(puller.namespace),
    matchLabels: labels,
    pods,
    triggers: { workload: workload.id },
    timeouts: timeout === undefined ? undefined : { create: timeout, update: timeout },
  });
  // An access that serves the sample may come after it: only when the stack is synthesized all of them are there.
  const changes = Lazy.anyValue({ produce: () => [workload, ...(triggeredBy ?? pulledWith(sample, puller))].map(dependable) });
  made.addOverride("depends_on", changes);
  made.addOverride("lifecycle.replace_triggered_by", changes);
  if (provider === undefined) checkWithProviderOf(made, puller.provider?.alias);
  made.overrideLogicalId(TerraformStack.of(sample).getLogicalId(sample.node));
  return made;
}

/** Only when the stack is synthesized all of its providers are there. */
function checkWithProviderOf(check: PullCheck, alias: string | undefined): void {
  const stack = TerraformStack.of(check);
  const find = (wanted: string | undefined) => registryProvidersOf(stack).find((provider) => provider.alias === wanted);
  const named = () => (alias === undefined ? undefined : find(alias)?.fqn);
  check.addOverride("provider", Lazy.anyValue({ produce: named }));
  const where = alias === undefined ? "" : `, and none with the alias ${JSON.stringify(alias)}`;
  const none = `check: No provider for the check. Whether the sample can pull is checked by a provider "registry", and the stack has no default one${where}. Make one, such as new RegistryProvider(stack, "registry", { cluster }); name one that is there, as in check: { provider }; or leave the check out with check: false.`;
  check.node.addValidation({ validate: () => ((find(alias) ?? find(undefined)) ? [] : [none]) });
}
