import { PodV1 } from "@cdktf/provider-kubernetes/lib/pod-v1";
import { Construct } from "constructs";
import { dependable, Lazy, type TerraformMetaArguments, TerraformStack } from "./cdktf";
import { type NamespaceReference, namespaceName } from "./namespaces";
import { type PinDigest, pinDigestShape, pinned } from "./pin-digest";
import type { PullCheck } from "./pull-check";
import { checkPropShape, checkSample, type SampleCheck } from "./sample-check";
import { pullSecretsShape, sampleShape } from "./sample-props";
import { type Serving, servingOf } from "./serving";
import { checkShape, isProps, type Shape, withoutUnset } from "./shape";

/** Props of {@link SamplePod}, in Kubernetes' own words. */
export interface SamplePodProps extends Pick<TerraformMetaArguments, "dependsOn" | "provider"> {
  /** Where it runs. */
  readonly namespace: NamespaceReference;
  /** The image reference. */
  readonly image: string;
  /** The Pod's name. @default - the construct's id */
  readonly name?: string | undefined;
  /** Runs the image by the digest that it has when the stack is planned. @default - by its tag; `true` looks it up anonymously */
  readonly pinDigest?: boolean | PinDigest | undefined;
  /** Pull secrets by name, as a Pod of the source documents has them. @default - those of its ServiceAccount, which hashicorp/kubernetes then takes for drift */
  readonly pullSecrets?: readonly string[] | undefined;
  /** Whose pull secrets it gets where it names none. @default - `default` */
  readonly serviceAccount?: string | undefined;
  /** How it is checked that it can pull; false for not at all. @default - by the stack's provider `registry`, for 6 minutes */
  readonly check?: SampleCheck | boolean | undefined;
}

const SHAPE: Shape<SamplePodProps> = {
  ...sampleShape,
  pinDigest: pinDigestShape,
  pullSecrets: pullSecretsShape,
  check: checkPropShape,
};

/**
 * A Pod that shows whether it can pull: a check waits for that, and says why where it can't. For the Pod itself a pending one is enough:
 * an image that can't be pulled would hold up the very apply that repairs it. A Pod that runs, and an image that is on the node (for all
 * but the tag `latest`), are not pulled again when a credential changes: only the next pull tries it.
 *
 * One that no `RegistryAccess` made, and that names no pull secrets, comes after those of its stack that serve its namespace, and is made
 * anew when they change: where a namespace is added later, a Pod that waits there gets the pull secret.
 */
export class SamplePod extends Construct {
  /** The resource itself (`kubernetes_pod_v1`). */
  readonly resource: PodV1;
  /** The check of it; none where that is turned off. */
  readonly pullCheck: PullCheck | undefined;

  constructor(scope: Construct, id: string, props: SamplePodProps) {
    super(scope, id);
    checkShape(this.node.path, SHAPE, isProps(props) ? { name: id, ...withoutUnset(props) } : props);
    const name = props.name ?? id;
    const labels = { app: name };
    const image = pinned(this, props.image, props.pinDigest);
    this.resource = new PodV1(this, "Resource", {
      ...(props.provider ? { provider: props.provider } : {}),
      ...(props.dependsOn ? { dependsOn: props.dependsOn } : {}),
      targetState: ["Pending", "Running"],
      metadata: { name, namespace: namespaceName(props.namespace), labels },
      spec: {
        ...(props.serviceAccount === undefined ? {} : { serviceAccountName: props.serviceAccount }),
        ...(props.pullSecrets === undefined ? {} : { imagePullSecrets: props.pullSecrets.map((secret) => ({ name: secret })) }),
        container: [{ name, image }],
      },
    });
    this.resource.overrideLogicalId(TerraformStack.of(this).getLogicalId(this.node));
    if (props.pullSecrets === undefined) {
      this.resource.addOverride("lifecycle", Lazy.anyValue({ produce: () => replacedWith(servingOf(this, props)) }));
    }
    this.pullCheck = checkSample(this, this.resource, { ...props, labels, pods: 1 }, props.check);
  }
}

/** Its annotations would not do: they change in place, and pull secrets are copied into a Pod when it is made. */
function replacedWith(serving: readonly Serving[]) {
  const patches = serving.flatMap(({ patch }) => (patch === undefined ? [] : [dependable(patch)]));
  return patches.length === 0 ? undefined : { replace_triggered_by: patches };
}
