import { asClaimant, claimantOf, createClaims } from "../../../lib/provider/configured/claims";

describe("claims", () => {
  const cases: Record<string, { ids: readonly (string | null)[]; last: boolean }> = {
    "the first": { ids: ["a"], last: true },
    "the same resource again": { ids: ["a", "a"], last: true },
    "fails when one is there and one is to be made": { ids: ["a", null], last: false },
    "fails when one is to be made and one is there": { ids: [null, "a"], last: false },
    "fails when two resources that are there hold it": { ids: ["a", "b"], last: false },
    "fails when two are to be made": { ids: [null, null], last: false },
  };
  it.each(Object.entries(cases))("%s", (_, { ids, last }) => {
    const claims = createClaims();
    expect(ids.map((id) => claims.claim("token pull", id)).at(-1)).toBe(last);
    expect(claims.claim("token other", null)).toBe(true);
  });
});

describe("claimantOf", () => {
  const first = { prior: { instance: "a" }, privateData: null };
  it("is the resource's own id, also when it is planned once more to be replaced", () => {
    const privateData = asClaimant({ other: 1 }, claimantOf(first, "instance"));
    expect(privateData).toEqual({ other: 1, claimant: "a" });
    expect([claimantOf(first, "instance"), claimantOf({ prior: null, privateData }, "instance")]).toEqual(["a", "a"]);
  });
  it("is nobody for one that is to be made", () => {
    const privateData = asClaimant(null, claimantOf({ prior: null, privateData: null }, "instance"));
    expect(claimantOf({ prior: null, privateData }, "instance")).toBeNull();
  });
});
