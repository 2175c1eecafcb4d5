import { PodV1 } from "@cdktf/provider-kubernetes/lib/pod-v1";
import { Construct } from "constructs";
import { type TerraformMetaArguments, TerraformStack } from "./cdktf";
import { type NamespaceReference, namespaceName } from "./namespaces";
import { pullSecretsShape, sampleShape } from "./sample-props";
import { checkShape, isProps, type Shape, withoutUnset } from "./shape";

/** Props of {@link SamplePod}, in Kubernetes' own words. */
export interface SamplePodProps extends Pick<TerraformMetaArguments, "dependsOn" | "provider"> {
  /** Where it runs. */
  readonly namespace: NamespaceReference;
  /** The image reference. */
  readonly image: string;
  /** The Pod's name. @default - the construct's id */
  readonly name?: string | undefined;
  /** Pull secrets by name, as a Pod of the source documents has them. @default - those of its ServiceAccount, which hashicorp/kubernetes then takes for drift */
  readonly pullSecrets?: readonly string[] | undefined;
  /** Whose pull secrets it gets where it names none. @default - `default` */
  readonly serviceAccount?: string | undefined;
}

const SHAPE: Shape<SamplePodProps> = { ...sampleShape, pullSecrets: pullSecretsShape };

/** A Pod that shows whether it can pull. A pending one is enough: an image that can't be pulled does not hold up the apply. */
export class SamplePod extends Construct {
  /** The resource itself (`kubernetes_pod_v1`). */
  readonly resource: PodV1;

  constructor(scope: Construct, id: string, props: SamplePodProps) {
    super(scope, id);
    checkShape(this.node.path, SHAPE, isProps(props) ? { name: id, ...withoutUnset(props) } : props);
    const name = props.name ?? id;
    this.resource = new PodV1(this, "Resource", {
      ...(props.provider ? { provider: props.provider } : {}),
      ...(props.dependsOn ? { dependsOn: props.dependsOn } : {}),
      targetState: ["Pending", "Running"],
      metadata: { name, namespace: namespaceName(props.namespace), labels: { app: name } },
      spec: {
        ...(props.serviceAccount === undefined ? {} : { serviceAccountName: props.serviceAccount }),
        ...(props.pullSecrets === undefined ? {} : { imagePullSecrets: props.pullSecrets.map((secret) => ({ name: secret })) }),
        container: [{ name, image: props.image }],
      },
    });
    this.resource.overrideLogicalId(TerraformStack.of(this).getLogicalId(this.node));
  }
}
