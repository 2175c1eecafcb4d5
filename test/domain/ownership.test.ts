import { type Claim, carries, claimOn, describeOwner, type Marked, type Viewpoint } from "../../lib/domain/ownership";

const us = { owner: "us", instance: "1" };
const marks = (owner?: string, instance?: string): Marked => ({
  annotations: {
    ...(owner === undefined ? {} : { "registry-access/owner": owner }),
    ...(instance === undefined ? {} : { "registry-access/instance": instance }),
  },
});

describe("claimOn", () => {
  const label: Marked = { labels: { "app.kubernetes.io/managed-by": "registry-access" } };
  const cases: Record<string, { object: Marked; claim: Claim } & Viewpoint> = {
    "our own": { object: marks("us", "1"), claim: "ours" },
    "our own, under the state's owner": { object: marks("before", "1"), otherOwner: "before", claim: "ours" },
    "our own id under another owner: from a copied state": { object: marks("them", "1"), otherOwner: "before", claim: "foreign" },
    "our own without the owner": { object: marks(undefined, "1"), claim: "ours" },
    "our own without the instance": { object: marks("us"), isHeld: true, claim: "ours" },
    "our owner's without the instance, where we are new": { object: marks("us"), claim: "same_owner" },
    "our own with nothing but the label": { object: label, isHeld: true, claim: "ours" },
    "nothing but the label, where we are new": { object: label, claim: "foreign" },
    "our own without any mark": { object: {}, isHeld: true, claim: "foreign" },
    "a predecessor's": { object: marks("us", "2"), claim: "same_owner" },
    "a predecessor's that we hold": { object: marks("us", "2"), isHeld: true, claim: "same_owner" },
    "a predecessor's under the former owner": { object: marks("before", "2"), otherOwner: "before", claim: "same_owner" },
    "another owner's": { object: marks("them", "2"), isHeld: true, claim: "foreign" },
    "another owner's without the instance": { object: marks("them"), isHeld: true, claim: "foreign" },
    "one with an instance and no owner": { object: marks(undefined, "2"), isHeld: true, claim: "foreign" },
    "one of another tool": { object: { labels: { "app.kubernetes.io/managed-by": "Helm" } }, isHeld: true, claim: "foreign" },
    "one without any mark": { object: {}, claim: "foreign" },
  };
  it.each(Object.entries(cases))("of %s", (_, { object, claim, ...view }) => {
    expect(claimOn(object, us, view)).toBe(claim);
  });
});

describe("carries", () => {
  const cases: Record<string, { object: Marked; otherOwner?: string; holds: boolean }> = {
    "both marks": { object: marks("us", "1"), holds: true },
    "the other owner": { object: marks("before", "1"), otherOwner: "before", holds: true },
    "another owner": { object: marks("them", "1"), holds: false },
    "another instance": { object: marks("us", "2"), holds: false },
    nothing: { object: {}, holds: false },
  };
  it.each(Object.entries(cases))("of %s", (_, { object, otherOwner, holds }) => {
    expect(carries(object, us, otherOwner)).toBe(holds);
  });
});

describe("describeOwner", () => {
  const cases: Record<string, { object: Marked; text: string }> = {
    "an owner": { object: marks("them", "1"), text: 'belongs to owner "them"' },
    "another tool": {
      object: { labels: { "app.kubernetes.io/managed-by": "Helm" } },
      text: 'is looked after by "Helm" (its label app.kubernetes.io/managed-by)',
    },
    "our label alone": {
      object: { labels: { "app.kubernetes.io/managed-by": "registry-access" } },
      text: "names no owner: it has nothing of ours but the label app.kubernetes.io/managed-by",
    },
    nobody: { object: {}, text: "names no owner: it was made by hand, or by another tool" },
  };
  it.each(Object.entries(cases))("names %s", (_, { object, text }) => {
    expect(describeOwner(object)).toBe(text);
  });
});
