import type { Shaken } from "./shake-hands";

/** What a bundle's first part did before it loaded the provider; there is none where the provider runs from source. */
export interface Launch {
  readonly shaken: Shaken | undefined;
  /** Keeps compiled code for the next start; `configured` where this run came further than the schema. */
  saveCodeCache(configured: boolean): void;
}

const KEY = Symbol.for("cdktf-registry-access.launch");

/** Leaves the launch for {@link takeLaunch}: the parts of a bundle share no module. */
export function leaveLaunch(launch: Launch): void {
  Reflect.set(globalThis, KEY, launch);
}

/** The launch that the bundle's first part left. */
export function takeLaunch(): Launch | undefined {
  return Reflect.get(globalThis, KEY) as Launch | undefined;
}
