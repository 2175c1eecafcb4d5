/** The time as an emulator's logins and credentials see it; tests move it. */
export interface EmulatorClock {
  /** Seconds since 1970, offset included. */
  now(): number;
  offsetSeconds: number;
}

/** Creates a clock that agrees with the machine's until it is moved. */
export function createClock(): EmulatorClock {
  return {
    offsetSeconds: 0,
    now() {
      return Math.floor(Date.now() / 1000) + this.offsetSeconds;
    },
  };
}
