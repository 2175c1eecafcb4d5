import { lastWord, type PodEvent, secretsNotFound, wordsOf } from "../../../lib/domain/pulls/events";
import type { ContainerPull } from "../../../lib/domain/pulls/pod";

const pull = (message?: string): ContainerPull => ({
  container: "app",
  fieldPath: "spec.containers{app}",
  image: "r.example/shop:1",
  state: "failed",
  reason: "ImagePullBackOff",
  ...(message === undefined ? {} : { message }),
});
const event = (reason: string, message: string, lastTimestamp: string, more: Partial<PodEvent> = {}): PodEvent => ({
  type: "Warning",
  reason,
  message,
  lastTimestamp,
  involvedObject: { fieldPath: "spec.containers{app}" },
  metadata: {},
  ...more,
});
const BACK_OFF = 'Back-off pulling image "r.example/shop:1"';
const events = [
  event("Failed", 'Failed to pull image "r.example/shop:1": connection refused', "2026-01-01T00:00:01Z"),
  event("Failed", 'Failed to pull image "r.example/shop:1": 401 Unauthorized', "2026-01-01T00:00:03Z"),
  event("Failed", "Error: ImagePullBackOff", "2026-01-01T00:00:05Z"),
  event("Failed", 'Failed to pull image "r.example/init:1": not found', "2026-01-01T00:00:06Z", {
    involvedObject: { fieldPath: "spec.initContainers{init}" },
  }),
];

test.each([
  ["the status, where it says why", pull(`${BACK_OFF}: ErrImagePull: 403`), events, `${BACK_OFF}: ErrImagePull: 403`],
  [
    "the last event of this container, where the status says no more than that it waits",
    pull(BACK_OFF),
    events,
    "401 Unauthorized",
  ],
  ["an event, where the status has no words", pull(), events, "401 Unauthorized"],
  ["the status, where events are gone", pull(BACK_OFF), [], BACK_OFF],
  ["nothing", pull(), [], undefined],
])("why a pull failed: %s", (_, of, told, words) => {
  expect(wordsOf(of, told)).toBe(words);
});

test("a message that is longer than anybody reads: its beginning and its end", () => {
  const long = wordsOf(pull(`ErrImagePull: ${"x".repeat(100_000)} 401 Unauthorized`), []) ?? "";
  expect([long.length, long.slice(0, 16), long.slice(-16)]).toEqual([4_099, "ErrImagePull: xx", "401 Unauthorized"]);
});

test("pull secrets that the kubelet did not find", () => {
  const told = event(
    "FailedToRetrieveImagePullSecret",
    "Unable to retrieve some image pull secrets (pull, more); attempting to pull the image may not succeed.",
    "2026-01-01T00:00:07Z",
  );
  expect([secretsNotFound([told]), secretsNotFound(events)]).toEqual([["pull", "more"], []]);
});

test("the last word is a warning, else what is being done", () => {
  const mount = event("FailedMount", 'secret "x" not found', "2026-01-01T00:00:01Z", { involvedObject: {} });
  const pulling = event("Pulling", "Pulling image", "", {
    type: "Normal",
    lastTimestamp: null,
    eventTime: "2026-01-01T00:00:09Z",
  });
  expect([lastWord([mount, pulling])?.reason, lastWord([pulling])?.reason, lastWord([])]).toEqual([
    "FailedMount",
    "Pulling",
    undefined,
  ]);
});
