import type { ApiObject, KubernetesApi, Texts } from "../kubernetes-api";
import { PATHS } from "./names";

const UID_RANGE = 10_000;
const MCS = "openshift.io/sa.scc.mcs";

/**
 * Gives every namespace, whoever makes it, user ids and SELinux categories of its own, by annotations (cluster-policy-controller,
 * namespace-security-allocation-controller).
 */
export async function allocateSecurity(api: KubernetesApi, namespaces: readonly ApiObject[]): Promise<void> {
  const taken = new Set(namespaces.map(({ metadata }) => metadata.annotations?.[MCS]).filter((mcs) => mcs !== undefined));
  let number = 0;
  for (const { metadata } of namespaces.filter((each) => each.metadata.annotations?.[MCS] === undefined)) {
    while (taken.has(categories(number))) number++;
    taken.add(categories(number));
    const first = 1_000_000_000 + number * UID_RANGE;
    const annotations = {
      [MCS]: categories(number),
      "openshift.io/sa.scc.supplemental-groups": `${first}/${UID_RANGE}`,
      "openshift.io/sa.scc.uid-range": `${first}/${UID_RANGE}`,
    };
    await patch(api, metadata.name, annotations);
  }
}

/** The namespace may be gone by now. @throws on any other refusal */
async function patch(api: KubernetesApi, namespace: string, annotations: Texts): Promise<void> {
  const path = `${PATHS.namespaces}/${namespace}?fieldManager=cluster-policy-controller`;
  const { status, body } = await api.send("PATCH", path, { metadata: { annotations } }, "application/merge-patch+json");
  if (![200, 404].includes(status)) throw new Error(`PATCH ${path}: ${status} ${String(body.message)}`);
}

function categories(number: number): string {
  return `s0:c${27 + Math.floor(number / 200)},c${(number % 200) + 5}`;
}
