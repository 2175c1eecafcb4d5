import type { PlanRequest, PrivateData } from "../framework/definition";
import { textOf } from "../framework/value";

/**
 * What the resources of one run plan to hold, such as one registry token's name or one Secret: so that two of them, which would
 * take it from each other at every apply, are told apart from one that is replaced.
 */
export interface Claims {
  /**
   * Claims something for a resource, by {@link claimantOf}. False where another resource of this run has claimed it already.
   * Each null is another resource.
   */
  claim(what: string, claimant: string | null): boolean;
}

/** Nothing is claimed yet. */
export function createClaims(): Claims {
  const holders = new Map<string, Set<string | null>>();
  return {
    claim(what, claimant) {
      const known = holders.get(what) ?? new Set();
      holders.set(what, known);
      const isOther = [...known].some((other) => other === null || other !== claimant);
      known.add(claimant);
      return !isOther;
    },
  };
}

/**
 * Who claims in a plan: the resource's own id; null for one that is to be made. A resource that is replaced is planned twice, the second
 * time without its state, but with the private data that the first plan gave ({@link asClaimant}): that is one claimant.
 * @param id - the attribute of the state that no other resource has
 */
export function claimantOf({ prior, privateData }: Pick<PlanRequest, "prior" | "privateData">, id: string): string | null {
  if (prior !== null) return textOf(prior[id]);
  return typeof privateData?.claimant === "string" ? privateData.claimant : null;
}

/** The private data of a plan, which tells the plan of a replacement whose it is. */
export function asClaimant(privateData: PrivateData, claimant: string | null): PrivateData {
  return { ...privateData, claimant };
}
