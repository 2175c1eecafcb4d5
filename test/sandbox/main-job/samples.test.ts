import type { KubernetesClient, KubernetesObject } from "../../../lib/clients/kubernetes/client";
import type { Cell } from "../../../sandbox/main-job/cell";
import type { DeployedSample } from "../../../sandbox/main-job/deployed";
import { inspectSamples, type SampleNode } from "../../../sandbox/main-job/samples";

const { signal } = new AbortController();
const deployment: DeployedSample = { kind: "Deployment", namespace: "a", name: "web", image: "one.example/web", replicas: 2 };
const pod: DeployedSample = { ...deployment, kind: "Pod", replicas: 1 };
const node: SampleNode = { faultOf: async (_, name) => (name === "wrong" ? "answers 500" : undefined) };

/** A Pod with the pull secret, as a node would report it. */
function podObject(name: string, phase: string, waiting?: string, secret = "pull"): KubernetesObject {
  const containerStatuses = [{ state: waiting === undefined ? {} : { waiting: { reason: waiting } } }];
  return {
    metadata: { name },
    spec: { imagePullSecrets: [{ name: secret }] },
    status: { phase, containerStatuses },
  } as KubernetesObject;
}
const [running, other] = ["one", "two"].map((name) => podObject(name, "Running")) as [KubernetesObject, KubernetesObject];

/** The sample, its Pods, the node, and what the cell says. */
type Case = readonly [DeployedSample, readonly KubernetesObject[], SampleNode, Cell];
const notWell = (text: string): Cell => ({ state: "not_well", text });

describe("inspectSamples", () => {
  const cases: { readonly [name: string]: Case } = {
    "all run and answer": [deployment, [running, other], node, { state: "well", text: "web 2/2" }],
    "a Pod runs": [pod, [running], node, { state: "well", text: "web Running" }],
    "no node: all are made": [deployment, [running, other], "none", { state: "not_run", text: "not run (no node)" }],
    "another cluster: all are made": [deployment, [running, other], "foreign", { state: "well", text: "web 2/2" }],
    "fails when there is no node and one is not made": [deployment, [running], "none", notWell("web 1/2")],
    "fails when one lacks the pull secret": [
      deployment,
      [running, podObject("two", "Running", undefined, "x")],
      node,
      notWell("web 1/2"),
    ],
    "fails when an image can't be pulled": [
      deployment,
      [running, podObject("two", "Pending", "ImagePullBackOff")],
      node,
      notWell("web 1/2 ImagePullBackOff"),
    ],
    "fails when one answers wrongly": [
      deployment,
      [running, podObject("wrong", "Running")],
      node,
      notWell("web 1/2 answers 500"),
    ],
    "fails when a Pod waits": [pod, [podObject("one", "Pending")], node, notWell("web Pending")],
    "fails when a Pod is not there": [pod, [], node, notWell("web is not there")],
  };
  it.each(Object.keys(cases))("%s", async (name) => {
    const [sample, pods, where, expected] = cases[name] ?? [pod, [], node, notWell("")];
    const cluster = { list: async () => pods } as unknown as KubernetesClient;
    const pullSecrets = [{ name: "pull", hosts: ["one.example"], copiesAll: false }];
    expect(await inspectSamples([sample], pullSecrets, { cluster, node: where }, signal, 0)).toEqual(expected);
  });
});
