import { openshiftProject } from "../schema";
import { type ConstructProps, resourceOf } from "./from-schema";

/** Props of {@link OpenShiftProject}: the attributes of `registry_openshift_project`, in camelCase. */
export type OpenShiftProjectProps = ConstructProps<typeof openshiftProject>;

/** An OpenShift project, requested as `oc new-project` does; deleted on destroy where it was made here (`registry_openshift_project`). */
export class OpenShiftProject extends resourceOf(openshiftProject) {}
