/** The systems that a sandbox can have besides Bluemix: what each leaves in the sandbox's state. A system adds its line here and in `registered.ts`. */

import type { IbmCloudState } from "../ibm-cloud/state";
import type { OpenHorizonState } from "../open-horizon/state";
import type { OpenShiftState } from "../openshift/state";

/** What the state says of each system, by its name, which is also that of its example. */
export interface SystemStates {
  readonly "ibm-cloud": IbmCloudState;
  readonly "open-horizon": OpenHorizonState;
  readonly openshift: OpenShiftState;
}

/** A system that `startSandbox({ systems })` and `sandbox up --with` take. */
export type SystemName = keyof SystemStates;

/** The systems that a sandbox has. */
export type StartedSystems = Partial<SystemStates>;
