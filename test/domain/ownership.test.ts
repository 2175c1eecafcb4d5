import { type Claim, carries, claimOn, describeOwner, type Marked } from "../../lib/domain/ownership";

const us = { owner: "us", instance: "1" };
const marks = (owner?: string, instance?: string): Marked => ({
  annotations: {
    ...(owner === undefined ? {} : { "registry-access/owner": owner }),
    ...(instance === undefined ? {} : { "registry-access/instance": instance }),
  },
});

describe("claimOn", () => {
  const cases: Record<string, { object: Marked; claim: Claim; formerOwner?: string }> = {
    "our own": { object: marks("us", "1"), claim: "ours" },
    "our own, under another owner by now": { object: marks("them", "1"), claim: "ours" },
    "our own without the owner": { object: marks(undefined, "1"), claim: "ours" },
    "our own without the instance": { object: marks("us"), claim: "ours" },
    "our own with nothing but the label": {
      object: { labels: { "app.kubernetes.io/managed-by": "registry-access" } },
      claim: "ours",
    },
    "a predecessor's": { object: marks("us", "2"), claim: "same_owner" },
    "a predecessor's under the former owner": { object: marks("before", "2"), formerOwner: "before", claim: "same_owner" },
    "another owner's": { object: marks("them", "2"), claim: "foreign" },
    "another owner's without the instance": { object: marks("them"), claim: "foreign" },
    "one with an instance and no owner": { object: marks(undefined, "2"), claim: "foreign" },
    "one of another tool": { object: { labels: { "app.kubernetes.io/managed-by": "Helm" } }, claim: "foreign" },
    "one without any mark": { object: {}, claim: "foreign" },
  };
  it.each(Object.entries(cases))("of %s", (_, { object, claim, formerOwner }) => {
    expect(claimOn(object, us, formerOwner)).toBe(claim);
  });
});

describe("carries", () => {
  const cases: Record<string, { object: Marked; holds: boolean }> = {
    "both marks": { object: marks("us", "1"), holds: true },
    "another owner": { object: marks("them", "1"), holds: false },
    "another instance": { object: marks("us", "2"), holds: false },
    nothing: { object: {}, holds: false },
  };
  it.each(Object.entries(cases))("of %s", (_, { object, holds }) => {
    expect(carries(object, us)).toBe(holds);
  });
});

describe("describeOwner", () => {
  const cases: Record<string, { object: Marked; text: string }> = {
    "an owner": { object: marks("them", "1"), text: 'belongs to owner "them"' },
    "another tool": {
      object: { labels: { "app.kubernetes.io/managed-by": "Helm" } },
      text: 'is looked after by "Helm" (its label app.kubernetes.io/managed-by)',
    },
    nobody: { object: {}, text: "names no owner: it was made by hand, or by another tool" },
  };
  it.each(Object.entries(cases))("names %s", (_, { object, text }) => {
    expect(describeOwner(object)).toBe(text);
  });
});
