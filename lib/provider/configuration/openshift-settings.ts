import type { OpenShiftSettings } from "../../issuers";
import type { ObjectValue } from "../framework/value";
import { hostsOf } from "./bluemix-settings";
import { rememberSecrets, toKubernetesSettings } from "./kubernetes-settings";

/** The settings of one `openshift` issuer, wholly known. The environment's KUBE_* variables are about the provider's cluster alone. */
export function toOpenShiftSettings(name: string, openshift: ObjectValue): OpenShiftSettings {
  const cluster = (openshift.kubernetes ?? null) as ObjectValue | null;
  const kubernetes = cluster === null ? undefined : rememberSecrets(toKubernetesSettings(cluster, {}));
  return {
    kind: "openshift",
    name,
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...((openshift.hosts ?? null) === null ? {} : { hosts: hostsOf(openshift) }),
  };
}
