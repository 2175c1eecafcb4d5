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
  "waits for a node": { reason: "", message: null, expected: undefined },
  "is being created": { reason: "ContainerCreating", message: "", expected: undefined },
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
  const { controller = ["apps/v1", "ReplicaSet"], more, expected } = given;
  const statusOf = (name: string, text: string | null) =>
    text === null ? [] : [{ name, state: { waiting: { reason, message: text } } }];
  const statuses = [...statusOf("app", message), ...(second === undefined ? [] : statusOf("second", second))];
  const containers = ["app", ...(second === undefined ? [] : ["second"])].map((name) => ({ name, image }));
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
  expect(judgeWaitingPod(pod, { names: ["theirs", "pull", "more"], wanted: ["pull", "more"] })).toBe(expected);
});
