import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import type { Cluster } from "./cluster";

const run = promisify(execFile);

/** A JSON merge patch (RFC 7396): null removes. */
export interface MergePatch {
  readonly [key: string]: unknown;
}

/** What somebody does by hand. */
export interface Kubectl {
  patch(resource: string, namespace: string, name: string, change: MergePatch): Promise<void>;
  delete(resource: string, namespace: string, name: string): Promise<void>;
}

/** The real kubectl as the cluster's administrator; our own client where there is none on this machine. */
export async function findKubectl(cluster: Cluster): Promise<Kubectl> {
  const { kubeconfig, context, folder } = cluster.state;
  const kubectl = (...args: readonly string[]) =>
    run("kubectl", ["--kubeconfig", kubeconfig, "--context", context, ...args], {
      env: { PATH: process.env.PATH, HOME: folder },
    });
  try {
    await kubectl("version", "--client");
  } catch {
    return byClient(cluster);
  }
  return {
    async patch(resource, namespace, name, change) {
      await kubectl("patch", resource, name, "--namespace", namespace, "--type", "merge", "--patch", JSON.stringify(change));
    },
    async delete(resource, namespace, name) {
      await kubectl("delete", resource, name, "--namespace", namespace);
    },
  };
}

function byClient(cluster: Cluster): Kubectl {
  return {
    patch: (resource, namespace, name, change) =>
      cluster.edit<KubernetesObject>(resource, namespace, name, (object) => merge(object, change) as KubernetesObject),
    delete: (resource, namespace, name) => cluster.delete(resource, namespace, name),
  };
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: { [key: string]: unknown } = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
