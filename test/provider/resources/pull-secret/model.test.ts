import { asState, metadataOf } from "../../../../lib/provider/resources/pull-secret/model";

const ownership = { owner: "tests", instance: "1" };
const stateWith = (labels: object) => asState({ labels: { ...labels }, annotations: null });

test("labels that the configuration no longer has are dropped, also those that every object knows (found by fuzzing, issue 4)", () => {
  const { labels, dropped } = metadataOf(
    stateWith({ team: "a" }),
    ownership,
    undefined,
    stateWith({ team: "b", constructor: "x", valueOf: "y" }),
  );
  expect({ labels, dropped }).toEqual({
    labels: { team: "a", "app.kubernetes.io/managed-by": "registry-access" },
    dropped: { labels: ["constructor", "valueOf"], annotations: [] },
  });
});
