import { type Pod, type PodStanding, pullSecretsOf, pullsOf, standingOfPod } from "../../../lib/domain/pulls/pod";
import { podWith, running, waitingFor } from "./pods";

const withPhase = (pod: Pod, phase: string): Pod => ({ ...pod, status: { ...pod.status, phase } });
const withInit = (init: object | undefined, status: object | undefined): Pod => {
  const pod = podWith(status, {}, { initContainers: [{ name: "init", image: "r.example/init:1" }] });
  return { ...pod, status: { ...pod.status, ...(init ? { initContainerStatuses: [{ name: "init", ...init }] } : {}) } };
};

const cases: { readonly [name: string]: readonly [Pod, PodStanding] } = {
  "no status yet": [podWith(undefined), "waiting"],
  "being made": [podWith(waitingFor("ContainerCreating")), "waiting"],
  running: [podWith(running), "pulled"],
  "has run, and starts again": [
    podWith({ imageID: "", state: waitingFor("").state, lastState: { terminated: { exitCode: 1 } } }),
    "pulled",
  ],
  "crashes: its image is there": [podWith({ ...running, state: waitingFor("CrashLoopBackOff").state }), "pulled"],
  "can't be configured: its image is there": [podWith(waitingFor("CreateContainerConfigError", "configmap not found")), "pulled"],
  "can't be created: its image is there": [podWith(waitingFor("CreateContainerError")), "pulled"],
  refused: [podWith(waitingFor("ErrImagePull")), "failed"],
  "between two tries": [podWith(waitingFor("ImagePullBackOff")), "failed"],
  "has run, and can't pull any more": [podWith({ ...running, state: waitingFor("ImagePullBackOff").state }), "failed"],
  "never pulls": [podWith(waitingFor("ErrImageNeverPull")), "failed"],
  "a name that is none": [podWith(waitingFor("InvalidImageName")), "failed"],
  "the registry is away, as CRI-O says": [podWith(waitingFor("RegistryUnavailable")), "failed"],
  "a signature is missing": [podWith(waitingFor("SignatureValidationFailed")), "failed"],
  "an error without a word of its own": [podWith(waitingFor("illegal base64 data at input byte 4")), "failed"],
  "an init container fails": [withInit(waitingFor("ErrImagePull"), waitingFor("PodInitializing")), "failed"],
  "an init container works": [withInit({ ...running }, waitingFor("PodInitializing")), "waiting"],
  "after its init container": [withInit({ imageID: "x", state: { terminated: { exitCode: 0 } } }, running), "pulled"],
  "a Job's, that has ended": [
    withPhase(podWith({ imageID: "x", state: { terminated: { exitCode: 0 } } }), "Succeeded"),
    "pulled",
  ],
  "a Job's, that failed": [withPhase(podWith({ imageID: "x", state: { terminated: { exitCode: 1 } } }), "Failed"), "pulled"],
  evicted: [withPhase(podWith(undefined), "Failed"), "ended"],
  "being deleted": [podWith(running, { deletionTimestamp: "2026-01-01T00:00:00Z" }), "leaving"],
};
test.each(Object.entries(cases))("%s", (_, [pod, standing]) => {
  expect(standingOfPod(pod)).toBe(standing);
});

test("each container says what and why, an ephemeral one too", () => {
  const pod = podWith(running, {}, { ephemeralContainers: [{ name: "debug", image: "r.example/debug:1" }] });
  const status = { ...pod.status, ephemeralContainerStatuses: [{ name: "debug", ...waitingFor("ErrImagePull", "401") }] };
  expect(pullsOf({ ...pod, status })).toEqual([
    { container: "app", fieldPath: "spec.containers{app}", image: "r.example/shop:1", state: "pulled" },
    {
      container: "debug",
      fieldPath: "spec.ephemeralContainers{debug}",
      image: "r.example/debug:1",
      state: "failed",
      reason: "ErrImagePull",
      message: "401",
    },
  ]);
});

test("pull secrets are those of the Pod, each once", () => {
  const pod = podWith(running, {}, { imagePullSecrets: [{ name: "b" }, { name: "a" }, { name: "b" }, {}] });
  expect([pullSecretsOf(pod), pullSecretsOf(podWith(running))]).toEqual([["b", "a"], []]);
});
