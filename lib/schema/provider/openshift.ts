import type { Problem } from "../../domain/problem";
import { checkRegistryHost } from "../../domain/registry-host";
import type { Attribute, PartlyKnown } from "../attribute";
import { isObject } from "../partly-known";
import { clusterNeedsOneSource, kubernetes } from "./kubernetes";

/** An issuer's own cluster is what its configuration says: the environment names the provider's. */
function withoutEnvironment<const T extends { readonly [name: string]: Attribute }>(attributes: T) {
  const own = Object.entries(attributes).map(([name, { environment: _, ...attribute }]) => [name, attribute]);
  return Object.fromEntries(own) as { readonly [K in keyof T]: Omit<T[K], "environment"> };
}

/** OpenShift's image registry: whose ServiceAccount tokens, and for which hosts. */
export const openshift = {
  kubernetes: {
    nesting: "single",
    presence: "optional",
    description:
      "The OpenShift cluster, by the same attributes as the provider's `kubernetes`; no environment variable is read for it.",
    whenUnset: "the provider's `kubernetes`",
    attributes: withoutEnvironment(kubernetes),
  },
  hosts: {
    type: { list: "string" },
    presence: "optional",
    description: "The registry hosts that its tokens are good for, such as a route of one's own.",
    whenUnset:
      "what the cluster says when a token is used: the in-cluster host (`image-registry.openshift-image-registry.svc:5000`) and those of the registry's routes",
    check: checkRegistryHost,
  },
} as const;

/** Says what is wrong with one issuer's settings. */
export function problemsOfOpenShift(name: string, settings: PartlyKnown): readonly Problem[] {
  const path = ["issuers", name, "openshift"];
  const cluster = clusterNeedsOneSource(settings).map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
  if (isObject(settings.kubernetes) && ["config_path", "config_paths", "host"].every((source) => isUnset(settings, source))) {
    const detail = `Issuer ${JSON.stringify(name)} has a kubernetes that names no cluster. Set config_path, config_paths or host in it, or leave it out for the provider's own cluster.`;
    return [...cluster, { path: [...path, "kubernetes"], summary: "No cluster", detail }];
  }
  if (!Array.isArray(settings.hosts) || settings.hosts.length > 0) return cluster;
  const detail = "hosts is an empty list. Give at least one registry host, or leave it out for those that the cluster publishes.";
  return [...cluster, { path: [...path, "hosts"], summary: "No registry host", detail }];
}

function isUnset({ kubernetes: cluster }: PartlyKnown, name: string): boolean {
  return isObject(cluster) && cluster[name] === null;
}
