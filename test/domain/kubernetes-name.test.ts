import { checkNamespaceName, checkObjectName, isLabelValue, isQualifiedName } from "../../lib/domain/kubernetes-name";

const long = (length: number) => "a".repeat(length);

describe("checkNamespaceName", () => {
  const cases: Record<string, boolean> = {
    "team-a": true,
    "0": true,
    [long(63)]: true,
    [long(64)]: false,
    "": false,
    Team: false,
    "a.b": false,
    "-a": false,
    "a-": false,
    a_b: false,
  };
  it.each(Object.entries(cases))("of %j is %s", (name, isValid) => {
    expect(checkNamespaceName(name, ["namespaces", 0]) === undefined).toBe(isValid);
  });
  it("fails when it is invalid, and says what is allowed", () => {
    expect(checkNamespaceName("Team A", ["namespaces", 1])).toEqual({
      path: ["namespaces", 1],
      summary: "Invalid namespace name",
      detail:
        '"Team A" is not a valid namespace name: it takes 1 to 63 lower case letters, digits and \'-\', and starts and ends with a letter or a digit, such as "team-a".',
    });
  });
});

describe("checkObjectName", () => {
  const cases: Record<string, boolean> = {
    pull: true,
    "pull.v1-a": true,
    [long(253)]: true,
    [long(254)]: false,
    "": false,
    "a..b": false,
    pull_secret: false,
    Pull: false,
  };
  it.each(Object.entries(cases))("of %j is %s", (name, isValid) => {
    expect(checkObjectName(name, ["name"]) === undefined).toBe(isValid);
  });
});

describe("isQualifiedName", () => {
  const cases: Record<string, boolean> = {
    team: true,
    "example.com/team": true,
    "a/b/c": false,
    "/team": false,
    "example.com/": false,
    "Example.com/t": false,
    [long(64)]: false,
  };
  it.each(Object.entries(cases))("of %j is %s", (key, isValid) => {
    expect(isQualifiedName(key)).toBe(isValid);
  });
});

describe("isLabelValue", () => {
  const cases: Record<string, boolean> = {
    "": true,
    "x.Y_z-1": true,
    [long(63)]: true,
    [long(64)]: false,
    "-x": false,
    "a b": false,
  };
  it.each(Object.entries(cases))("of %j is %s", (value, isValid) => {
    expect(isLabelValue(value)).toBe(isValid);
  });
});
