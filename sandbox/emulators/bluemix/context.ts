import type { EmulatorClock } from "../tokens/clock";
import type { BluemixEmulatorConfig } from "./config";
import type { Logins } from "./logins";
import type { RegistryTokens } from "./registry-tokens";
import type { Store } from "./store";

/** What the routes of all services work on. */
export interface EmulatorContext {
  readonly config: BluemixEmulatorConfig;
  readonly store: Store;
  readonly clock: EmulatorClock;
  readonly logins: Logins;
  readonly tokens: RegistryTokens;
}
