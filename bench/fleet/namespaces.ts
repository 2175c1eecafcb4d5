import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "../../lib/clients/kubernetes/client";
import type { ProgressStep } from "../../sandbox";
import type { RawClient } from "./raw";

const POLL_MS = 500;

/** What the controllers put into every new namespace. */
const PUT_THERE = [
  ["/api/v1/serviceaccounts", "default"],
  ["/api/v1/configmaps", "kube-root-ca.crt"],
] as const;

/** Creates the namespaces, and waits until the controllers are done with each, so that nothing is under way later. */
export async function createNamespaces(
  raw: RawClient,
  names: readonly string[],
  signal: AbortSignal,
  step: ProgressStep,
): Promise<void> {
  const requests = names.map((name) => ({ method: "POST", path: "/api/v1/namespaces", body: { metadata: { name } } }) as const);
  await raw.sendAll(requests, (count) => step.update(`${count} of ${names.length}`));
  for (const [path, name] of PUT_THERE) {
    for (let found = 0; found < names.length; ) {
      const there = await raw.list<KubernetesObject>(path, `metadata.name=${name}`);
      const namespaces = new Set(there.map(({ metadata }) => metadata.namespace));
      found = names.filter((namespace) => namespaces.has(namespace)).length;
      step.update(`${name} in ${found} of ${names.length}`);
      if (found < names.length) await sleep(POLL_MS, undefined, { signal });
    }
  }
}
