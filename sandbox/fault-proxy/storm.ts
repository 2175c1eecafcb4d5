/** How a service refuses everybody for a while, again and again. */
export interface StormPattern {
  /** Calls that are let through between two storms. */
  readonly calm: number;
  /** How long a storm lasts: no longer than its answers ask to wait, so that who waits is let through. */
  readonly milliseconds: number;
}

/** Tells which calls a storm meets: after so many that were let through, all until its time is up. */
export interface Storm {
  strikes(): boolean;
  /** How many it met. */
  readonly struck: number;
}

/** A storm that has yet to begin; it begins by count, so that it comes however slow a machine is. */
export function createStorm({ calm, milliseconds }: StormPattern, now: () => number = Date.now): Storm {
  let passed = 0;
  let end = 0;
  let struck = 0;
  return {
    strikes() {
      if (passed === calm) {
        passed = 0;
        end = now() + milliseconds;
      }
      if (now() < end) {
        struck++;
        return true;
      }
      passed++;
      return false;
    },
    get struck() {
      return struck;
    },
  };
}
