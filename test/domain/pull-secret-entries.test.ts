import {
  addEntries,
  moveEntries,
  ownEntries,
  type PullSecretEntries,
  removeEntries,
  sameEntries,
  statusOfEntries,
  undoEntries,
} from "../../lib/domain/pull-secret-entries";

const us = { owner: "us", instance: "1" };
const entries = (names: string[], register?: object): PullSecretEntries => ({
  names,
  annotation: register === undefined ? undefined : JSON.stringify(register),
});

describe("addEntries", () => {
  const cases: Record<string, { before: PullSecretEntries; wanted: string[]; known?: string[]; after: PullSecretEntries }> = {
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
    "a name that every object knows: it is nobody's, and stays foreign (found by fuzzing, issue 4)": {
      before: entries(["constructor"], { them: { a: "9" } }),
      wanted: ["constructor"],
      after: entries(["constructor"], { them: { a: "9" } }),
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
    "a name that is known to be ours, though the register was taken away": {
      before: entries(["a"]),
      wanted: ["a"],
      known: ["a"],
      after: entries(["a"], { us: { a: "1" } }),
    },
    "beside a broken annotation": {
      before: { names: [], annotation: "{" },
      wanted: ["a"],
      after: entries(["a"], { us: { a: "1" } }),
    },
  };
  it.each(Object.entries(cases))("%s", (_, { before, wanted, known, after }) => {
    expect(addEntries(before, wanted, us, known)).toEqual(after);
    expect(addEntries(after, wanted, us, known)).toEqual(after);
  });
});

describe("removeEntries", () => {
  const cases: Record<
    string,
    { before: PullSecretEntries; owners?: string[]; keep?: string[]; known?: string[]; after: PullSecretEntries }
  > = {
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
    "what is ours under a former owner goes too": {
      before: entries(["a", "b"], { old: { a: "1" }, us: { b: "1" } }),
      after: entries([]),
    },
    "what a copy of our state registered for another owner stays": {
      before: entries(["a", "b"], { copy: { a: "1" }, us: { a: "1", b: "1" } }),
      owners: ["us", "old"],
      after: entries(["a"], { copy: { a: "1" } }),
    },
    "one of two of a name": {
      before: entries(["a", "a", "x"], { us: { a: "1" } }),
      after: entries(["a", "x"]),
    },
    "what is known to be ours goes, though the register was taken away": {
      before: entries(["a", "x"]),
      known: ["a"],
      after: entries(["x"]),
    },
    "what is known to be ours stays where somebody else has it registered": {
      before: entries(["a"], { them: { a: "9" } }),
      known: ["a"],
      after: entries(["a"], { them: { a: "9" } }),
    },
    "what is to be kept stays": {
      before: entries(["a", "b"], { us: { a: "1", b: "1" } }),
      keep: ["b"],
      after: entries(["b"], { us: { b: "1" } }),
    },
  };
  it.each(Object.entries(cases))("%s", (_, { before, after, ...options }) => {
    expect(removeEntries(before, us.instance, options)).toEqual(after);
  });
});

describe("moveEntries", () => {
  it("puts our entries of the former owner under the new one, and no one else's, nor those of a copy of our state", () => {
    const before = entries(["a", "b", "c"], { copy: { c: "1" }, old: { a: "1", b: "2" }, new: { d: "3" } });
    expect(moveEntries(before, { owner: "new", instance: "1" }, "old")).toEqual(
      entries(["a", "b", "c"], { copy: { c: "1" }, new: { a: "1", d: "3" }, old: { b: "2" } }),
    );
  });
  it("changes nothing for the same owner", () => {
    const before = entries(["a"], { us: { a: "1" } });
    expect(moveEntries(before, us, us.owner)).toBe(before);
  });
});

describe("ownEntries", () => {
  it("are those of the instance, under any owner, or under these", () => {
    const found = entries(["a", "b", "c"], { old: { a: "1" }, us: { b: "1", c: "2" } });
    expect([ownEntries(found, "1"), ownEntries(found, "1", ["us"])]).toEqual([["a", "b"], ["b"]]);
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
    "what was nobody's, and adopted, stays and is nobody's again": {
      former: entries(["x", "a"]),
      now: entries(["x", "a", "b"], { us: { a: "1", b: "1" } }),
      after: entries(["x", "a"]),
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

describe("statusOfEntries", () => {
  const cases: Record<string, { before: PullSecretEntries; known?: string[]; otherOwner?: string; status: string }> = {
    "our own": { before: entries(["a"], { us: { a: "1" } }), known: ["a"], status: "in_sync" },
    "a name that is not there": { before: entries(["z"], { us: { a: "1" } }), status: "missing" },
    "a successor's": { before: entries(["a"], { us: { a: "2" } }), known: ["a"], status: "foreign" },
    "another owner's: we register too, or it would go with that one (issue 4)": {
      before: entries(["a"], { them: { a: "2" } }),
      status: "edited",
    },
    "nobody's": { before: entries(["a"]), status: "in_sync" },
    "one more of ours": { before: entries(["a", "b"], { us: { a: "1", b: "1" } }), status: "edited" },
    "one more of ours under a former owner": {
      before: entries(["a", "b"], { us: { a: "1" }, old: { b: "1" } }),
      otherOwner: "old",
      status: "edited",
    },
    "one more that a copy of our state registered": {
      before: entries(["a", "b"], { us: { a: "1" }, copy: { b: "1" } }),
      status: "in_sync",
    },
    "ours under a former owner": { before: entries(["a"], { old: { a: "1" } }), otherOwner: "old", status: "edited" },
    "what lost its registration": { before: entries(["a"]), known: ["a"], status: "edited" },
    "what lost its registration, and others have": {
      before: entries(["a"], { them: { a: "2" } }),
      known: ["a"],
      status: "edited",
    },
    "a broken annotation": { before: { names: ["a"], annotation: "{" }, known: ["a"], status: "edited" },
    "what is known and no longer wanted": { before: entries(["a"], { us: { a: "1" } }), known: ["a", "b"], status: "in_sync" },
  };
  it.each(Object.entries(cases))("of %s", (_, { before, known, otherOwner, status }) => {
    expect(statusOfEntries(before, ["a"], us, known ?? [], otherOwner)).toBe(status);
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
