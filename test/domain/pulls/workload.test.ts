import type { Pod } from "../../../lib/domain/pulls/pod";
import { formatProgress, progressOf } from "../../../lib/domain/pulls/progress";
import { expectationOf, type Workload } from "../../../lib/domain/pulls/workload";
import { podWith, running, waitingFor } from "./pods";

const SELECTOR = { app: "shop" };
const template = { metadata: { labels: { app: "shop", tier: "web" } } };
const ownedBy = (kind: string, name: string) => ({ ownerReferences: [{ kind, name, uid: `uid of ${name}`, controller: true }] });
const revision = (number: number) => ({ annotations: { "deployment.kubernetes.io/revision": String(number) } });

const deployment = (more: Partial<Workload> = {}, generation = 2): Workload => ({
  kind: "Deployment",
  metadata: { name: "shop", uid: "uid of shop", generation, ...revision(2) },
  spec: { replicas: 2, template },
  status: { observedGeneration: 2 },
  ...more,
});
const set = (name: string, number: number, more: Partial<Workload> = {}): Workload => ({
  kind: "ReplicaSet",
  metadata: { name, uid: `uid of ${name}`, ...revision(number), ...ownedBy("Deployment", "shop") },
  spec: { replicas: 2, template },
  status: {},
  ...more,
});
const pod = (name: string, owner: object, status: object, labels: { [name: string]: string } = {}, created = "1"): Pod =>
  podWith(status, { name, ...owner, labels: { app: "shop", ...labels }, creationTimestamp: created });
const [ofOld, ofNew] = [ownedBy("ReplicaSet", "shop-old"), ownedBy("ReplicaSet", "shop-new")];
const refused = waitingFor("ErrImagePull");
const revised = (hash: string) => ({ "controller-revision-hash": hash });
const stateful = (spec: object = {}): Workload => ({
  kind: "StatefulSet",
  metadata: { name: "db", uid: "uid of db", generation: 1 },
  spec: { replicas: 3, template, ...spec },
  status: { observedGeneration: 1, updateRevision: "new" },
});
const daemons = (status: object, spec: object = {}): Workload => ({
  kind: "DaemonSet",
  metadata: { name: "agent", uid: "uid of agent", generation: 1 },
  spec: { template, ...spec },
  status: { observedGeneration: 1, ...status },
});

interface Case {
  readonly pods: readonly Pod[];
  /** Undefined where they may not be read. */
  readonly workloads?: readonly Workload[];
  readonly wanted?: number;
  readonly counted: readonly string[];
  readonly says: string;
  readonly is?: "pulled" | "waiting" | "hopeless";
}
const cases: { readonly [name: string]: Case } = {
  "a Deployment whose Pods have all pulled": {
    pods: [pod("a", ofNew, running), pod("b", ofNew, running)],
    workloads: [deployment(), set("shop-new", 2)],
    counted: ["a", "b"],
    is: "pulled",
    says: "2 of 2 Pods have pulled all images",
  },
  "Pods of an older template don't count, whatever they say": {
    pods: [pod("a", ofNew, running), pod("b", ofNew, running), pod("c", ofOld, refused)],
    workloads: [deployment(), set("shop-old", 1), set("shop-new", 2)],
    counted: ["a", "b"],
    is: "pulled",
    says: "2 of 2 Pods have pulled all images",
  },
  "fails to be done where only those of an older template have pulled": {
    pods: [pod("a", ofOld, running), pod("b", ofOld, running), pod("c", ofNew, refused)],
    workloads: [deployment(), set("shop-old", 1), set("shop-new", 2)],
    counted: ["c"],
    says: "0 of 2 Pods have pulled all images; 1 failed (ErrImagePull); 1 not there",
  },
  "a rollout that its controller has not begun": {
    pods: [pod("a", ofOld, running), pod("b", ofOld, running)],
    workloads: [deployment({}, 3), set("shop-old", 2)],
    counted: ["a", "b"],
    says: "2 of 2 Pods have pulled all images; a rollout has begun",
  },
  "a Pod that is being deleted": {
    pods: [pod("a", { ...ofNew, deletionTimestamp: "1" }, refused), pod("b", ofNew, running), pod("c", ofNew, running)],
    workloads: [deployment(), set("shop-new", 2)],
    counted: ["b", "c"],
    is: "pulled",
    says: "2 of 2 Pods have pulled all images",
  },
  "too few Pods yet": {
    pods: [pod("a", ofNew, running)],
    workloads: [deployment(), set("shop-new", 2)],
    counted: ["a"],
    says: "1 of 2 Pods have pulled all images; 1 not there",
  },
  "more Pods than there have to be, and one of them waits": {
    pods: [pod("a", ofNew, running), pod("b", ofNew, running), pod("c", ofNew, waitingFor("ContainerCreating"))],
    workloads: [deployment(), set("shop-new", 2)],
    counted: ["a", "b", "c"],
    says: "2 of 3 Pods have pulled all images; 1 waiting",
  },
  "scaled to nothing": {
    pods: [],
    workloads: [deployment({ spec: { replicas: 0, template } }), set("shop-new", 2)],
    counted: [],
    is: "pulled",
    says: "0 of 0 Pods have pulled all images",
  },
  "no Pod, and nobody who makes some": {
    pods: [],
    workloads: [],
    counted: [],
    says: "0 of 1 Pod has pulled all images; 1 not there",
  },
  "no Pod is asked for": {
    pods: [],
    workloads: [],
    wanted: 0,
    counted: [],
    is: "pulled",
    says: "0 of 0 Pods have pulled all images",
  },
  "a workload of other Pods": {
    pods: [pod("a", {}, running)],
    workloads: [deployment({ spec: { replicas: 5, template: { metadata: { labels: { app: "other" } } } } })],
    counted: ["a"],
    is: "pulled",
    says: "1 of 1 Pod has pulled all images",
  },
  "a Pod without an owner, and a Job's": {
    pods: [pod("a", {}, running), pod("b", ownedBy("Job", "once"), running)],
    workloads: [],
    wanted: 2,
    counted: ["a", "b"],
    is: "pulled",
    says: "2 of 2 Pods have pulled all images",
  },
  "a StatefulSet that is rolled out from its last Pod on": {
    pods: [
      pod("db-0", ownedBy("StatefulSet", "db"), running, revised("old")),
      pod("db-1", ownedBy("StatefulSet", "db"), running, revised("old")),
      pod("db-2", ownedBy("StatefulSet", "db"), refused, revised("new")),
    ],
    workloads: [stateful()],
    counted: ["db-2"],
    says: "0 of 3 Pods have pulled all images; 1 failed (ErrImagePull); 2 not there",
  },
  "a StatefulSet with a partition": {
    pods: [
      pod("db-0", ownedBy("StatefulSet", "db"), refused, revised("old")),
      pod("db-2", ownedBy("StatefulSet", "db"), running, revised("new")),
    ],
    workloads: [stateful({ updateStrategy: { rollingUpdate: { partition: 2 } } })],
    counted: ["db-2"],
    is: "pulled",
    says: "1 of 1 Pod has pulled all images",
  },
  "a StatefulSet whose Pods are replaced by hand": {
    pods: ["db-0", "db-1", "db-2"].map((name) => pod(name, ownedBy("StatefulSet", "db"), running, revised("old"))),
    workloads: [stateful({ updateStrategy: { type: "OnDelete" } })],
    counted: ["db-0", "db-1", "db-2"],
    is: "pulled",
    says: "3 of 3 Pods have pulled all images",
  },
  "a DaemonSet half-way": {
    pods: [
      pod("agent-a", ownedBy("DaemonSet", "agent"), running, revised("old"), "1"),
      pod("agent-b", ownedBy("DaemonSet", "agent"), refused, revised("new"), "2"),
    ],
    workloads: [daemons({ desiredNumberScheduled: 2, updatedNumberScheduled: 1 })],
    counted: ["agent-b"],
    says: "0 of 2 Pods have pulled all images; 1 failed (ErrImagePull); 1 not there; a rollout has begun",
  },
  "workloads may not be read: the newest Pod has the last template": {
    pods: [
      pod("a", ownedBy("ReplicaSet", "shop-1a"), refused, { "pod-template-hash": "1a" }, "1"),
      pod("b", ownedBy("ReplicaSet", "shop-2b"), running, { "pod-template-hash": "2b" }, "2"),
      pod("c", ownedBy("ReplicaSet", "other-9z"), running, { "pod-template-hash": "9z" }, "1"),
    ],
    counted: ["b", "c"],
    is: "pulled",
    says: "2 of 2 Pods have pulled all images",
  },
  "a name that is none, of one of them": {
    pods: [pod("a", {}, waitingFor("InvalidImageName")), pod("b", {}, waitingFor("ContainerCreating"))],
    workloads: [],
    counted: ["a", "b"],
    is: "hopeless",
    says: "0 of 2 Pods have pulled all images; 1 failed (InvalidImageName); 1 waiting",
  },
};
test.each(Object.entries(cases))("%s", (_, { pods, workloads, wanted = null, counted, is = "waiting", says }) => {
  const progress = progressOf(expectationOf(pods, workloads, SELECTOR), wanted);
  expect({
    counted: progress.expectation.pods.map(({ metadata }) => metadata.name),
    is: progress.state,
    says: formatProgress(progress),
  }).toEqual({ counted, is, says });
});

test("a controller's own words for why it makes no Pods", () => {
  const condition = {
    type: "ReplicaFailure",
    status: "True",
    reason: "FailedCreate",
    message: 'pods "shop-x" is forbidden: exceeded quota',
  };
  const failed = { observedGeneration: 2, conditions: [condition] };
  const { obstacles } = expectationOf([], [deployment({ status: failed }), set("shop-new", 2)], SELECTOR);
  expect(obstacles).toEqual(['Deployment shop can\'t make its Pods: FailedCreate: pods "shop-x" is forbidden: exceeded quota']);
});
