import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { Construct } from "constructs";
import { LINKED_BY_ANNOTATION } from "../domain/ownership";
import { Lazy, type TerraformMetaArguments, TerraformStack } from "./cdktf";
import { type NamespaceReference, namespaceName } from "./namespaces";
import { type PinDigest, pinDigestShape, pinned } from "./pin-digest";
import type { PullCheck } from "./pull-check";
import { checkPropShape, checkSample, type SampleCheck } from "./sample-check";
import { portShape, replicasShape, sampleShape } from "./sample-props";
import { servingOf } from "./serving";
import { checkShape, isProps, type Shape, withoutUnset } from "./shape";

/** Props of {@link SampleDeployment}, in Kubernetes' own words. */
export interface SampleDeploymentProps extends Pick<TerraformMetaArguments, "dependsOn" | "provider"> {
  /** Where it runs. */
  readonly namespace: NamespaceReference;
  /** The image reference. */
  readonly image: string;
  /** The Deployment's name. @default - the construct's id */
  readonly name?: string | undefined;
  /** Runs the image by the digest that it has when the stack is planned. @default - by its tag; `true` looks it up anonymously */
  readonly pinDigest?: boolean | PinDigest | undefined;
  /** How many Pods. @default 1 */
  readonly replicas?: number | undefined;
  /** The port that the container listens at. @default - none is named */
  readonly port?: number | undefined;
  /** Whose pull secrets its Pods get. @default - `default` */
  readonly serviceAccount?: string | undefined;
  /** How it is checked that its Pods can pull; false for not at all. @default - by the stack's provider `registry`, for 6 minutes */
  readonly check?: SampleCheck | boolean | undefined;
}

const SHAPE: Shape<SampleDeploymentProps> = {
  ...sampleShape,
  pinDigest: pinDigestShape,
  replicas: replicasShape,
  port: portShape,
  check: checkPropShape,
};

/**
 * A Deployment that shows whether Pods can pull: a check waits for that, and says why where they can't. The Deployment itself does not
 * wait for its rollout: an image that can't be pulled would hold up the very apply that repairs it. Pods that run, and images that are
 * on the node (for all but the tag `latest`), are not pulled again when a credential changes: only the next pull tries it.
 *
 * One that no `RegistryAccess` made still comes after those of its stack that serve its namespace, and its Pod template names their
 * patches: where a namespace is added later, Pods that wait there are rolled out anew, and get the pull secret. No rotation changes that.
 */
export class SampleDeployment extends Construct {
  /** The resource itself (`kubernetes_deployment_v1`). */
  readonly resource: DeploymentV1;
  /** The check of its Pods; none where that is turned off. */
  readonly pullCheck: PullCheck | undefined;

  constructor(scope: Construct, id: string, props: SampleDeploymentProps) {
    super(scope, id);
    checkShape(this.node.path, SHAPE, isProps(props) ? { name: id, ...withoutUnset(props) } : props);
    const name = props.name ?? id;
    const labels = { app: name };
    const image = pinned(this, props.image, props.pinDigest);
    this.resource = new DeploymentV1(this, "Resource", {
      ...(props.provider ? { provider: props.provider } : {}),
      ...(props.dependsOn ? { dependsOn: props.dependsOn } : {}),
      waitForRollout: false,
      metadata: { name, namespace: namespaceName(props.namespace), labels },
      spec: {
        replicas: String(props.replicas ?? 1),
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            ...(props.serviceAccount === undefined ? {} : { serviceAccountName: props.serviceAccount }),
            container: [{ name, image, ...(props.port === undefined ? {} : { port: [{ containerPort: props.port }] }) }],
          },
        },
      },
    });
    this.resource.overrideLogicalId(TerraformStack.of(this).getLogicalId(this.node));
    this.resource.addOverride(
      "spec.template.metadata.annotations",
      Lazy.anyValue({
        produce: () => {
          const patches = servingOf(this, props).flatMap(({ patch }) => (patch === undefined ? [] : [patch.id]));
          return patches.length === 0 ? undefined : { [LINKED_BY_ANNOTATION]: patches.join(",") };
        },
      }),
    );
    this.pullCheck = checkSample(this, this.resource, { ...props, labels, pods: props.replicas ?? 1 }, props.check);
  }
}
