import { createClaims } from "../../../lib/provider/configured/claims";

describe("claims", () => {
  const cases: Record<string, { ids: readonly (string | null)[]; last: boolean }> = {
    "the first": { ids: ["a"], last: true },
    "the same resource again": { ids: ["a", "a"], last: true },
    "a resource that is replaced": { ids: ["a", null], last: true },
    "fails when two resources that are there hold it": { ids: ["a", "b"], last: false },
    "fails when two are to be made": { ids: [null, null], last: false },
  };
  it.each(Object.entries(cases))("%s", (_, { ids, last }) => {
    const claims = createClaims();
    expect(ids.map((id) => claims.claim("token pull", id)).at(-1)).toBe(last);
    expect(claims.claim("token other", null)).toBe(true);
  });
});
