import { openshiftRoute } from "../schema";
import { type ConstructProps, resourceOf } from "./from-schema";

/** Props of {@link OpenShiftRoute}: the attributes of `registry_openshift_route`, in camelCase. */
export type OpenShiftRouteProps = ConstructProps<typeof openshiftRoute>;

/** The host of OpenShift's image registry: that of its default route, which is switched on where it is off (`registry_openshift_route`). */
export class OpenShiftRoute extends resourceOf(openshiftRoute) {}
