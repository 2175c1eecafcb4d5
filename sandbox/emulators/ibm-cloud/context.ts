import type { EmulatorClock } from "../tokens/clock";
import type { IbmCloudEmulatorConfig } from "./config";
import type { Identities } from "./identities";
import type { Store } from "./store";

/** What the routes of all services work on. */
export interface EmulatorContext {
  readonly config: IbmCloudEmulatorConfig;
  readonly store: Store;
  readonly clock: EmulatorClock;
  readonly identities: Identities;
}
