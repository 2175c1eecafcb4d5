import { formatDropped, parseDropped } from "../../../../lib/provider/resources/pull-secret/memory";

const NOTHING = { labels: [], annotations: [] };

describe("dropped keys", () => {
  it.each([
    ["some", { labels: ["team", "example.com/x"], annotations: ["note"] }],
    ["none", NOTHING],
  ])("remembers %s", (_, dropped) => {
    expect(parseDropped(formatDropped(dropped))).toEqual(dropped);
  });

  it.each([null, {}, { dropped_labels: 7 }])("remembers nothing in %j", (data) => {
    expect(parseDropped(data)).toEqual(NOTHING);
  });
});
