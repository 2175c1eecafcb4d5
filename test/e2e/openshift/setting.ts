import type { ApiRequest } from "../support/api-request";
import type { Cluster } from "../support/cluster";
import type { Door } from "../support/openshift-door";

/** What the tests of OpenShift share: one sandbox, run by openshift.test.ts. */
export interface Setting {
  readonly cluster: Cluster;
  readonly api: ApiRequest;
  readonly atRoute: Door;
}

/** Known once the sandbox is up. */
export type OpenSetting = () => Setting;

/** The path of a namespace's objects. */
export const CORE = (namespace: string, resource: string): string => `/api/v1/namespaces/${namespace}/${resource}`;
/** What asks for a project. */
export const REQUESTS = "/apis/project.openshift.io/v1/projectrequests";
/** What the ingress operator publishes. */
export const INGRESS_CERTIFICATE = CORE("openshift-config-managed", "configmaps/default-ingress-cert");

/** The provider's configuration of an owner. */
export function provider(owner: string, kubernetes: string): string {
  return `
    provider "registry" {
      owner      = "tests/${owner}"
      kubernetes = ${kubernetes}
      issuers    = { openshift = { openshift = {} } }
    }`;
}
