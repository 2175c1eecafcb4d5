/**
 * What the resources of one run plan to hold, such as one registry token's name or one Secret: so that two of them that would
 * take it from each other at every apply are told apart from one that is replaced.
 */
export interface Claims {
  /**
   * Claims something for the resource with this id, or for one that is still to be made (null). False where another resource of this
   * run has claimed it already. A resource that is replaced is planned twice, once with its id and once without: that is one claim.
   */
  claim(what: string, id: string | null): boolean;
}

/** Nothing is claimed yet. */
export function createClaims(): Claims {
  const holders = new Map<string, Set<string | null>>();
  return {
    claim(what, id) {
      const known = holders.get(what) ?? new Set();
      holders.set(what, known);
      const isOther = id === null ? known.has(null) : [...known].some((other) => other !== null && other !== id);
      known.add(id);
      return !isOther;
    },
  };
}
