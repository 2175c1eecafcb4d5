import {
  addEntries,
  isTakenOver,
  moveEntries,
  type PullSecretEntries,
  removeEntries,
  sameEntries,
  undoEntries,
} from "../../lib/domain/pull-secret-entries";

const us = { owner: "us", instance: "1" };
const entries = (names: string[], register?: object): PullSecretEntries => ({
  names,
  annotation: register === undefined ? undefined : JSON.stringify(register),
});

describe("addEntries", () => {
  const cases: Record<string, { before: PullSecretEntries; wanted: string[]; after: PullSecretEntries }> = {
    "to nothing": { before: entries([]), wanted: ["a", "b"], after: entries(["a", "b"], { us: { a: "1", b: "1" } }) },
    "at the end, in order": {
      before: entries(["z", "y"]),
      wanted: ["b", "a"],
      after: entries(["z", "y", "b", "a"], { us: { a: "1", b: "1" } }),
    },
    "a name that stands there without an owner: it stays foreign": {
      before: entries(["a"]),
      wanted: ["a"],
      after: entries(["a"]),
    },
    "a name of another owner: both have it": {
      before: entries(["a"], { them: { a: "9" } }),
      wanted: ["a"],
      after: entries(["a"], { them: { a: "9" }, us: { a: "1" } }),
    },
    "a name of our predecessor: it becomes ours": {
      before: entries(["a"], { us: { a: "0" } }),
      wanted: ["a"],
      after: entries(["a"], { us: { a: "1" } }),
    },
    "a name that somebody took out": {
      before: entries(["z"], { us: { a: "1" } }),
      wanted: ["a"],
      after: entries(["z", "a"], { us: { a: "1" } }),
    },
    "a name that is wanted twice": { before: entries([]), wanted: ["a", "a"], after: entries(["a"], { us: { a: "1" } }) },
    "beside a broken annotation": {
      before: { names: [], annotation: "{" },
      wanted: ["a"],
      after: entries(["a"], { us: { a: "1" } }),
    },
  };
  it.each(Object.entries(cases))("%s", (_, { before, wanted, after }) => {
    expect(addEntries(before, wanted, us)).toEqual(after);
    expect(addEntries(after, wanted, us)).toEqual(after);
  });
});

describe("removeEntries", () => {
  const cases: Record<string, { before: PullSecretEntries; keep?: string[]; after: PullSecretEntries }> = {
    "the last ones leave nothing behind": { before: entries(["a"], { us: { a: "1" } }), after: entries([]) },
    "foreign ones and their order stay": {
      before: entries(["z", "a", "y"], { us: { a: "1" } }),
      after: entries(["z", "y"]),
    },
    "an entry with another owner stays, and is that one's": {
      before: entries(["a"], { them: { a: "9" }, us: { a: "1" } }),
      after: entries(["a"], { them: { a: "9" } }),
    },
    "what a successor took over stays": {
      before: entries(["a"], { us: { a: "2" } }),
      after: entries(["a"], { us: { a: "2" } }),
    },
    "what is to be kept stays": {
      before: entries(["a", "b"], { us: { a: "1", b: "1" } }),
      keep: ["b"],
      after: entries(["b"], { us: { b: "1" } }),
    },
  };
  it.each(Object.entries(cases))("%s", (_, { before, keep, after }) => {
    expect(removeEntries(before, us, keep)).toEqual(after);
  });
});

describe("moveEntries", () => {
  const before = entries(["a", "b"], { old: { a: "1", b: "2" } });
  it("puts our entries under the new owner, and no one else's", () => {
    expect(moveEntries(before, { owner: "old", instance: "1" }, { owner: "new", instance: "1" })).toEqual(
      entries(["a", "b"], { new: { a: "1" }, old: { b: "2" } }),
    );
  });
  it("changes nothing for the same owner", () => {
    expect(moveEntries(before, us, us)).toBe(before);
  });
});

describe("undoEntries", () => {
  const cases: Record<string, { former: PullSecretEntries; now: PullSecretEntries; after: PullSecretEntries }> = {
    "what was added goes": { former: entries([]), now: entries(["a"], { us: { a: "1" } }), after: entries([]) },
    "what was taken over goes back": {
      former: entries(["a"], { us: { a: "0" } }),
      now: entries(["a"], { us: { a: "1" } }),
      after: entries(["a"], { us: { a: "0" } }),
    },
    "what others did meanwhile stays": {
      former: entries([]),
      now: entries(["a", "x"], { them: { x: "9" }, us: { a: "1" } }),
      after: entries(["x"], { them: { x: "9" } }),
    },
  };
  it.each(Object.entries(cases))("%s", (_, { former, now, after }) => {
    expect(undoEntries(now, us, former)).toEqual(after);
  });
});

describe("isTakenOver", () => {
  const cases: Record<string, { before: PullSecretEntries; taken: boolean }> = {
    "our own": { before: entries(["a"], { us: { a: "1" } }), taken: false },
    "a successor's": { before: entries(["a"], { us: { a: "2" } }), taken: true },
    "another owner's": { before: entries(["a"], { them: { a: "2" } }), taken: false },
    "nobody's": { before: entries(["a"]), taken: false },
  };
  it.each(Object.entries(cases))("of %s", (_, { before, taken }) => {
    expect(isTakenOver(before, ["a"], us)).toBe(taken);
  });
});

describe("sameEntries", () => {
  it("looks at order and annotation", () => {
    expect([
      sameEntries(entries(["a", "b"]), entries(["a", "b"])),
      sameEntries(entries(["a", "b"]), entries(["b", "a"])),
      sameEntries(entries(["a"]), entries(["a"], {})),
    ]).toEqual([true, false, false]);
  });
});
