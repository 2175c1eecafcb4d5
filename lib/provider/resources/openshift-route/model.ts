import type { RegistryConfig } from "../../../clients/openshift/registry-config";
import type { Route } from "../../../clients/openshift/routes";
import { carries, INSTANCE_ANNOTATION, OWNER_ANNOTATION, type Ownership } from "../../../domain/ownership";
import type { State } from "../../../schema/model";
import type { openshiftRoute } from "../../../schema/openshift-route";
import type { Doing } from "../../client-diagnostics";
import { DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";

/** The state of `registry_openshift_route`. */
export type RouteState = State<typeof openshiftRoute>;

/** The id: there is one in a cluster. */
export const ROUTE_ID = "openshift-image-registry/default-route";
/** The start of a sentence about it. */
export const THE_ROUTE = "The image registry's default route";

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): RouteState {
  return value as unknown as RouteState;
}

/** Says on the registry's configuration who switched the route on. */
export function marksOf({ owner, instance }: Ownership): { readonly [annotation: string]: string } {
  return { [OWNER_ANNOTATION]: owner, [INSTANCE_ANNOTATION]: instance };
}

/** Takes {@link marksOf} away. */
export const NO_MARKS = { [OWNER_ANNOTATION]: null, [INSTANCE_ANNOTATION]: null };

/** Whether this very resource keeps the route switched on. */
export function isSwitchedOnBy(config: RegistryConfig, ownership: Ownership): boolean {
  return config.spec?.defaultRoute === true && carries(config.metadata, ownership);
}

/** Whether a route is there to stay: not one that the operator is about to take away. */
export function isThere(route: Route | undefined, config: RegistryConfig): route is Route {
  if (route === undefined || route.metadata.deletionTimestamp !== undefined) return false;
  return config.spec?.defaultRoute === true || !isOperators(route);
}

/** Whether the registry's operator made it, and takes it away. */
export function isOperators({ metadata }: Route): boolean {
  return metadata.ownerReferences?.some(({ kind }) => kind === "Config") ?? false;
}

/** What is being done, for messages. */
export function doing(what: string): Doing {
  return { what, permission: PERMISSION };
}

const PERMISSION =
  'It takes get on configs of imageregistry.operator.openshift.io (name cluster), on images of config.openshift.io (name cluster), and on routes of route.openshift.io in namespace openshift-image-registry; and patch on that config where the route is switched on or off (docs/permissions.md, "OpenShift").';

/** The registry's configuration, of a registry that is there. @throws DiagnosticError where it is not, or its operator does nothing that is still needed */
export function requireRegistry(config: RegistryConfig | undefined, server: string, route: Route | undefined): RegistryConfig {
  if (config === undefined) {
    throw noRegistry(
      `The cluster at ${server} has no configs.imageregistry.operator.openshift.io/cluster: its image registry is not installed. Enable the cluster's ImageRegistry capability.`,
    );
  }
  const { managementState, defaultRoute } = config.spec ?? {};
  if (managementState === "Removed") {
    throw noRegistry(
      `The image registry of the cluster at ${server} is removed (spec.managementState of configs.imageregistry.operator.openshift.io/cluster is "Removed"). Set it to "Managed", with storage for it, and apply again.`,
    );
  }
  if (managementState === "Unmanaged" && !isThere(route, config)) {
    const state = defaultRoute === true ? "is switched on, and not there" : "is switched off";
    throw noRegistry(
      `The default route of the image registry at ${server} ${state}, and the registry's operator does nothing about it (spec.managementState of configs.imageregistry.operator.openshift.io/cluster is "Unmanaged"). Set it to "Managed", or make the route by hand.`,
    );
  }
  return config;
}

function noRegistry(detail: string): DiagnosticError {
  return DiagnosticError.at(undefined, "No image registry", detail);
}
