import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { Construct } from "constructs";
import { type TerraformMetaArguments, TerraformStack } from "./cdktf";
import { type NamespaceReference, namespaceName } from "./namespaces";
import { type PinDigest, pinDigestShape, pinned } from "./pin-digest";
import type { PullCheck } from "./pull-check";
import { checkPropShape, checkSample, type SampleCheck } from "./sample-check";
import { portShape, replicasShape, sampleShape } from "./sample-props";
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
 * wait for its rollout: an image that can't be pulled would hold up the very apply that repairs it.
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
    const pods = { namespace: namespaceName(props.namespace), labels, pods: props.replicas ?? 1 };
    this.pullCheck = checkSample(this, this.resource, pods, props.check);
  }
}
