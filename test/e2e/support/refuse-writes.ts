import { ClientError } from "../../../lib/clients/client-error";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { type Cluster, until } from "./cluster";

/** Ends a refusal. */
export interface Refusal {
  close(): Promise<void>;
}

const { signal } = new AbortController();
const policies = (resource: string) => ({ apiVersion: "admissionregistration.k8s.io/v1", resource });

/**
 * Has admission refuse (403) that one resource is written in one namespace: what no access review foresees, so that a write
 * fails while others go on. A delete is let through.
 */
export async function refuseWrites(
  cluster: Cluster,
  namespace: string,
  resource: "secrets" | "serviceaccounts",
): Promise<Refusal> {
  const metadata = { name: `refuse-${resource}-${namespace}` };
  const rule = { apiGroups: [""], apiVersions: ["v1"], resources: [resource], operations: ["CREATE", "UPDATE"] };
  const policy = {
    metadata,
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [rule],
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      },
      validations: [{ expression: "false", message: "refused by the test", reason: "Forbidden" }],
    },
  };
  const binding = { metadata, spec: { policyName: metadata.name, validationActions: ["Deny"] } };
  const isRefused = async () => {
    try {
      const object: KubernetesObject = { metadata: { name: "probe", namespace } };
      await cluster.client.create({ apiVersion: "v1", resource, namespace }, object, { dryRun: true }, signal);
      return false;
    } catch (error) {
      if (ClientError.is(error, "forbidden")) return true;
      throw error;
    }
  };
  await cluster.client.create<KubernetesObject>(policies("validatingadmissionpolicies"), policy, {}, signal);
  await cluster.client.create<KubernetesObject>(policies("validatingadmissionpolicybindings"), binding, {}, signal);
  await until(isRefused);
  return {
    async close() {
      await cluster.client.delete({ ...policies("validatingadmissionpolicybindings"), ...metadata }, {}, signal);
      await cluster.client.delete({ ...policies("validatingadmissionpolicies"), ...metadata }, {}, signal);
      await until(async () => !(await isRefused()));
    },
  };
}
