import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { Construct } from "constructs";
import { type TerraformMetaArguments, TerraformStack } from "./cdktf";
import { type NamespaceReference, namespaceName } from "./namespaces";
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
  /** How many Pods. @default 1 */
  readonly replicas?: number | undefined;
  /** The port that the container listens at. @default - none is named */
  readonly port?: number | undefined;
  /** Whose pull secrets its Pods get. @default - `default` */
  readonly serviceAccount?: string | undefined;
}

const SHAPE: Shape<SampleDeploymentProps> = { ...sampleShape, replicas: replicasShape, port: portShape };

/**
 * A Deployment that shows whether Pods can pull. It does not wait for a rollout: an image that can't be pulled would hold up
 * the very apply that repairs it.
 */
export class SampleDeployment extends Construct {
  /** The resource itself (`kubernetes_deployment_v1`). */
  readonly resource: DeploymentV1;

  constructor(scope: Construct, id: string, props: SampleDeploymentProps) {
    super(scope, id);
    checkShape(this.node.path, SHAPE, isProps(props) ? { name: id, ...withoutUnset(props) } : props);
    const name = props.name ?? id;
    const labels = { app: name };
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
            container: [
              { name, image: props.image, ...(props.port === undefined ? {} : { port: [{ containerPort: props.port }] }) },
            ],
          },
        },
      },
    });
    this.resource.overrideLogicalId(TerraformStack.of(this).getLogicalId(this.node));
  }
}
