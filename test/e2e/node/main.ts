/** Starts a sandbox with a node, runs a Pod there and waits to be killed: `main.ts NAME ENDS_WITH_CALLER`. */
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { startSandbox } from "../../../sandbox";
import { openCluster } from "../../../sandbox/main-job/open-cluster";
import type { PodObject } from "../support/pods";

async function main([name = "", endsWithCaller = ""]: readonly string[]): Promise<void> {
  const { state } = await startSandbox({ name, endsWithCaller: endsWithCaller === "true", node: true });
  const client = await openCluster(state);
  const location = { apiVersion: "v1", resource: "pods", namespace: "default" };
  const pod = { metadata: { name: "nginx" }, spec: { containers: [{ name: "main", image: "nginx" }] } };
  const { signal } = new AbortController();
  await client.create(location, pod as KubernetesObject, {}, signal);
  for (;;) {
    const found = await client.get<PodObject>({ ...location, name: "nginx" }, signal);
    if (found?.status?.phase === "Running") break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  process.stdout.write("Running\n");
  setInterval(() => undefined, 1000);
}

void main(process.argv.slice(2));
