import { sayWhy, wordsOf } from "../../../domain/pulls/events";
import { faultOf, type PullFault } from "../../../domain/pulls/fault";
import { type ContainerPull, type Pod, pullSecretsOf, pullsOf, serviceAccountOf } from "../../../domain/pulls/pod";
import type { Evidence } from "./evidence";

/** Pulls that failed alike: one image, the same pull secrets, of the same ServiceAccount, and of the same kind. */
export interface Failure {
  readonly pull: ContainerPull;
  readonly pods: readonly Pod[];
  readonly containers: readonly string[];
  readonly fault: PullFault;
  /** The kubelet's. @default - it says nothing */
  readonly words?: string;
}

/** Pods of one image whose events are read where their status does not say why: those of one workload mostly fail alike. */
const ASKED = 5;

/** One container's failure, before it is put together with others like it. */
interface Told extends Pick<Failure, "pull" | "fault" | "words"> {
  readonly pod: Pod;
  /** What it has in common with others, whatever the kubelet says. */
  readonly alike: string;
}

/** The failures of Pods, each kind once. Pods of one workload may fail in several ways: each node asks for itself. */
export async function failuresOf(pods: readonly Pod[], evidence: Evidence): Promise<readonly Failure[]> {
  const told = await tell(pods, evidence);
  const failures = new Map<string, Failure & { readonly pods: Pod[]; readonly containers: string[] }>();
  // What does not say why comes last: it is taken for the same as what does.
  for (const { pod, pull, alike, fault, words } of [...told.filter(isClear), ...told.filter((one) => !isClear(one))]) {
    const first = told.find((other) => other.alike === alike && isClear(other));
    const key = `${alike} ${sayWhy(words) ? fault : (first?.fault ?? fault)}`;
    const failure = failures.get(key) ?? { pull, fault, ...(words === undefined ? {} : { words }), pods: [], containers: [] };
    if (!failure.pods.includes(pod)) failure.pods.push(pod);
    if (!failure.containers.includes(pull.container)) failure.containers.push(pull.container);
    failures.set(key, failure);
  }
  return [...failures.values()];
}

async function tell(pods: readonly Pod[], evidence: Evidence): Promise<readonly Told[]> {
  const told: Told[] = [];
  const asked = new Map<string, number>();
  for (const pod of pods) {
    for (const pull of pullsOf(pod).filter(({ state }) => state === "failed")) {
      const { image, reason } = pull;
      // Between two tries a Pod is in back-off: that is no other failure.
      const kind = reason === "ErrImagePull" ? "ImagePullBackOff" : reason;
      const alike = JSON.stringify([image, kind, serviceAccountOf(pod), pullSecretsOf(pod)]);
      const times = asked.get(alike) ?? 0;
      const asks = !sayWhy(pull.message) && times < ASKED;
      if (asks) asked.set(alike, times + 1);
      const words = wordsOf(pull, asks ? await evidence.events(pod) : []);
      const fault = faultOf({
        ...(reason === undefined ? {} : { reason }),
        ...(words === undefined ? {} : { message: words }),
        image,
      });
      told.push({ pod, pull, alike, fault, ...(words === undefined ? {} : { words }) });
    }
  }
  return told;
}

function isClear({ words }: Told): boolean {
  return sayWhy(words);
}
