import type { System } from "../systems/system";
import { REPOSITORY } from "./names";
import { PROCESSES, startOpenShift } from "./start";
import type { OpenShiftState } from "./state";

/** OpenShift's image registry. */
export const openshift: System<OpenShiftState> = {
  title: "OpenShift",
  processes: PROCESSES,
  start: startOpenShift,
  registryHosts: ({ route, service }) => [route, service].map((host) => ({ ...host, repository: REPOSITORY })),
  // All that a client of OpenShift's needs is the cluster.
  variables: () => ({}),
  describe: ({ route, service, credentialsFile }) => [
    ["route", `${route.host} is ${route.url}`],
    ["in the cluster", `${service.host} is ${service.url}`],
    ["credentials", credentialsFile],
  ],
};
