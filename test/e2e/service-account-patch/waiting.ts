import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { restartProcess, stopProcess } from "../../../sandbox";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { until } from "../support/cluster";
import { errorsOf, expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, cluster, count, entries, hcl, stack } from "./setting";

const { signal } = new AbortController();

/** A namespace whose deletion will hang: something in it has a finalizer. */
async function createHanging(namespace: string): Promise<void> {
  await cluster.createNamespace(namespace);
  await until(async () => (await cluster.serviceAccount(namespace)) !== undefined);
  await cluster.create("configmaps", { metadata: { name: "hold", namespace, finalizers: ["tests.invalid/hold"] } } as never);
}

/** Deletes it, and waits until its ServiceAccount is gone. */
async function beginDeletion(namespace: string): Promise<void> {
  await cluster.client.delete({ apiVersion: "v1", resource: "namespaces", name: namespace }, {}, signal);
  await until(async () => (await cluster.serviceAccount(namespace)) === undefined);
}

/** An admission webhook that never answers, for Pods in one namespace. */
async function silencePods(namespace: string): Promise<{ close(): Promise<void> }> {
  const hooks = { apiVersion: "admissionregistration.k8s.io/v1", resource: "validatingwebhookconfigurations" };
  const authority = await createAuthority("webhook");
  const { certificate, key } = await issueCertificate(authority, { commonName: "webhook", hosts: ["127.0.0.1"] });
  const server = createServer({ cert: certificate, key }, () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const webhook = {
    name: "silent.tests.example",
    clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(authority.certificate).toString("base64") },
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }],
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    failurePolicy: "Fail",
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    timeoutSeconds: 30,
  };
  const object: KubernetesObject & { readonly webhooks: readonly object[] } = {
    metadata: { name: "silent" },
    webhooks: [webhook],
  };
  await cluster.client.create(hooks, object, {}, signal);
  // The API server notices it after a moment.
  await until(async () => {
    const patience = AbortSignal.timeout(1_000);
    const pod = { metadata: { name: "probe", namespace }, spec: { containers: [{ name: "c", image: "registry.invalid/x" }] } };
    const creating = cluster.client.create({ apiVersion: "v1", resource: "pods", namespace }, pod, { dryRun: true }, patience);
    return creating.then(
      () => false,
      () => patience.aborted,
    );
  });
  return {
    async close() {
      await cluster.client.delete({ ...hooks, name: "silent" }, {}, signal);
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What does not come: ServiceAccounts, Pods, time. */
export function testWaiting(): void {
  describe("registry_service_account_patch: what does not come", () => {
    it("fails at once in a namespace that is being deleted, also on an update, before the first write", async () => {
      const going = `t${count}-going`;
      await createHanging(going);
      await beginDeletion(going);
      const failure = {
        severity: "error",
        summary: "Namespace is being deleted",
        detail: `Namespace "${going}" is being deleted in the cluster at ${cluster.client.server}, and takes nothing new. Nothing was patched. Take it out of namespaces, or wait until it is gone and make it anew (kubectl get namespace shows what it still waits for).`,
        address: ADDRESS,
      };
      stack.write(hcl({ namespaces: [A(), going] }));
      expect(errorsOf(await stack.apply())).toEqual([failure]);
      expect(await entries(A())).toBeUndefined();
      await apply({ namespaces: [A()] });
      stack.write(hcl({ namespaces: [A(), B(), going] }));
      expect(errorsOf(await stack.apply())).toEqual([failure]);
      expect(await entries(B())).toBeUndefined();
      expect(await stack.attributes(ADDRESS)).toMatchObject({ targets: { [`${A()}/default`]: { status: "in_sync" } } });
    });

    it("out of time: an update keeps what it did, and names what it waited for", async () => {
      const late = `t${count}-late`;
      await cluster.createNamespace(late);
      await until(async () => (await cluster.serviceAccount(late)) !== undefined);
      const rest = 'timeouts = { create = "5s", update = "5s" }';
      await apply({ namespaces: [A()], rest });
      await stopProcess(cluster.state, "kube-controller-manager");
      try {
        await cluster.delete("serviceaccounts", late, "default");
        stack.write(hcl({ namespaces: [A(), B(), late], rest }));
        const { messages } = await stack.apply();
        expect(messages.filter(({ severity }) => severity === "error")).toEqual([
          {
            severity: "error",
            summary: "Not finished",
            detail: `Cancelled, or out of time, while this was waited for or written: ServiceAccount "default" in namespace "${late}". The other ServiceAccounts were patched. Run it again to finish; timeouts = { update = "…" } gives it more time.`,
            address: ADDRESS,
          },
        ]);
        expect(await entries(B())).toEqual(["pull"]);
        expect(await stack.attributes(ADDRESS)).toMatchObject({
          targets: { [`${B()}/default`]: { status: "in_sync" }, [`${late}/default`]: { status: "missing" } },
        });
        expectWell(await stack.destroy());
        stack.write(hcl({ namespaces: [A(), late], rest }));
        expect((await stack.apply()).messages).toMatchObject([
          { summary: "Not done in time", address: ADDRESS },
          {
            summary: "Not finished",
            detail: expect.stringContaining(`namespace "${late}". Nothing was patched.`),
            address: ADDRESS,
          },
        ]);
        expect(await entries(A())).toBeUndefined();
      } finally {
        await restartProcess(cluster.state, "kube-controller-manager");
      }
    });

    it("out of time once all is written: the state knows of it", async () => {
      await cluster.allowPods(A());
      const hook = await silencePods(A());
      try {
        stack.write(hcl({ rest: 'timeouts = { create = "8s" }' }));
        expect((await stack.apply()).messages).toMatchObject([
          { severity: "warning", summary: "Pods don't get the pull secrets yet" },
        ]);
        expect(await entries(A())).toEqual(["pull"]);
        expect(await stack.attributes(ADDRESS)).toMatchObject({ targets: { [`${A()}/default`]: { status: "in_sync" } } });
      } finally {
        await hook.close();
      }
      expectWell(await stack.destroy());
      expect(await entries(A())).toBeUndefined();
    });
  });
}
