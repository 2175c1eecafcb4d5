import type { Pod } from "../../../lib/domain/pulls/pod";
import { judgeWaitingPod, type WaitingPodVerdict } from "../../../lib/domain/pulls/waiting-pods";

const IMAGE = "registry.example.com/acme/app:1";
/** As containerd and the kubelet of 1.34 put it. */
const UNAUTHORIZED = `Back-off pulling image "${IMAGE}": ErrImagePull: failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": unexpected status from HEAD request to https://registry.example.com/v2/acme/app/manifests/1: 401 Unauthorized`;
const NOT_FOUND = `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${IMAGE}: not found`;

interface Case {
  /** Of its container; null for one that runs. */
  readonly message?: string | null;
  readonly reason?: string;
  readonly phase?: string;
  readonly secrets?: readonly string[];
  /** Group and kind. */
  readonly controller?: readonly [string, string] | null;
  readonly more?: Pod["metadata"];
  /** A second container, which has this to say. */
  readonly second?: string;
  readonly init?: boolean;
  readonly image?: string;
  /** A further container, which runs, ran or ran before. */
  readonly started?: "running" | "terminated" | "lastState";
  /** What is known of the pull secrets "pull" and "more". */
  readonly keys?: { readonly [name: string]: readonly string[] };
  readonly expected: WaitingPodVerdict | undefined;
}

const cases: { readonly [name: string]: Case } = {
  "waits because of authentication": { expected: "recreate" },
  "at the first error, too": { reason: "ErrImagePull", message: "pull access denied", expected: "recreate" },
  "with entries of others, which its ServiceAccount gave it": { secrets: ["theirs"], expected: "recreate" },
  "with one of two entries": { secrets: ["pull"], expected: "recreate" },
  "in an init container": { init: true, expected: "recreate" },
  "in one of two containers": { message: NOT_FOUND, second: UNAUTHORIZED, expected: "recreate" },
  "of a StatefulSet": { controller: ["apps/v1", "StatefulSet"], expected: "recreate" },
  "of a DaemonSet": { controller: ["apps/v1", "DaemonSet"], expected: "recreate" },
  "of a Job": { controller: ["batch/v1", "Job"], expected: "recreate" },
  "of another's Job": { controller: ["batch.volcano.sh/v1alpha1", "Job"], expected: "alone" },
  "of a ReplicationController": { controller: ["v1", "ReplicationController"], expected: "alone" },
  "of nobody": { controller: null, expected: "alone" },
  "with pull secrets of its own": { secrets: ["own"], expected: "own_list" },
  "with one of its own among others": { secrets: ["theirs", "own"], expected: "own_list" },
  "has the entries": { secrets: ["theirs", "pull", "more"], expected: undefined },
  "waits for a tag that is not there": { message: NOT_FOUND, expected: undefined },
  "waits for a registry that is down": {
    message: "dial tcp 10.0.0.1:443: connect: connection refused",
    expected: undefined,
  },
  "does not say why": { message: `Back-off pulling image "${IMAGE}"`, expected: "untold" },
  "does not say why, and is nobody's": {
    message: `Back-off pulling image "${IMAGE}"`,
    controller: null,
    expected: "alone",
  },
  "waits for a node, or was made this moment": { reason: "", message: null, expected: "undecided" },
  "is being created, or pulls": { reason: "ContainerCreating", message: "", expected: "undecided" },
  "has one container refused, and pulls the other": { second: "", expected: "recreate" },
  "pulls, and belongs to nobody": { message: null, controller: null, expected: undefined },
  "pulls with pull secrets of its own": { message: null, secrets: ["own"], expected: undefined },
  "pulls with the entries": { message: null, secrets: ["pull", "more"], expected: undefined },
  "pulls what no entry is for": { message: null, keys: { pull: ["r.io"], more: [] }, expected: undefined },
  "pulls, and another container runs": { message: null, started: "running", expected: undefined },
  "is refused, and another container runs": { started: "running", expected: "started" },
  "is refused, and its init container has ended": { started: "terminated", expected: "started" },
  "is refused, and another container waits to run again": { started: "lastState", expected: "started" },
  "is refused by a host that no entry is for": { keys: { pull: ["r.io"], more: ["s.io"] }, expected: undefined },
  "is refused by a host that one entry is for": {
    keys: { pull: ["r.io"], more: ["registry.example.com"] },
    expected: "recreate",
  },
  "is refused by a host that an entry is for which it has": {
    secrets: ["pull"],
    keys: { pull: ["registry.example.com"], more: ["s.io"] },
    expected: undefined,
  },
  "is refused, and one entry could not be read": { keys: { pull: ["r.io"] }, expected: "recreate" },
  crashes: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container: 401", expected: undefined },
  "runs, and another of its containers waits": { phase: "Running", expected: undefined },
  "is being deleted": { more: { name: "p", deletionTimestamp: "2026-01-01T00:00:00Z" }, expected: undefined },
  "is called like an error": {
    image: "registry.example.com/unauthorized:401",
    message: "failed to resolve reference registry.example.com/unauthorized:401: not found",
    expected: undefined,
  },
};

test.each(Object.entries(cases))("%s", (_, given) => {
  const {
    message = UNAUTHORIZED,
    reason = "ImagePullBackOff",
    phase = "Pending",
    secrets = [],
    second,
    init = false,
    image = IMAGE,
  } = given;
  const { controller = ["apps/v1", "ReplicaSet"], more, started, keys, expected } = given;
  const statusOf = (name: string, text: string | null) =>
    text === null
      ? []
      : [{ name, state: { waiting: text === "" ? { reason: "ContainerCreating" } : { reason, message: text } } }];
  const running = {
    name: "other",
    ...(started === "lastState" ? { lastState: { terminated: {} } } : { state: { [started ?? ""]: {} } }),
  };
  const statuses = [
    ...statusOf("app", message),
    ...(second === undefined ? [] : statusOf("second", second)),
    ...(started === undefined ? [] : [running]),
  ];
  const containers = ["app", ...(second === undefined ? [] : ["second"]), ...(started === undefined ? [] : ["other"])].map(
    (name) => ({ name, image }),
  );
  const [apiVersion, kind] = controller ?? [];
  const pod = {
    metadata: {
      ...(more ?? { name: "p" }),
      ownerReferences:
        kind === undefined || apiVersion === undefined ? [] : [{ apiVersion, kind, name: "owner", uid: "u", controller: true }],
    },
    spec: {
      imagePullSecrets: secrets.map((name) => ({ name })),
      [init ? "initContainers" : "containers"]: containers,
    },
    status: { phase, [init ? "initContainerStatuses" : "containerStatuses"]: statuses },
  };
  expect(
    judgeWaitingPod(pod, {
      names: ["theirs", "pull", "more"],
      wanted: ["pull", "more"],
      keys: keys === undefined ? keys : new Map(Object.entries(keys)),
    }),
  ).toBe(expected);
});
