import type { OpenShiftState } from "../../../sandbox/openshift/state";
import type { SandboxState } from "../../../sandbox/state";

/** Where OpenShift is in a sandbox that was started with it. */
export function openshiftOf({ name, systems }: SandboxState): OpenShiftState {
  if (systems.openshift === undefined) throw new Error(`the sandbox ${name} has no OpenShift`);
  return systems.openshift;
}
