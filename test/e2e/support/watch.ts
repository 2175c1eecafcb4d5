import { readFileSync } from "node:fs";
import { request } from "node:https";
import { createInterface } from "node:readline";
import { load } from "js-yaml";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import type { SandboxState } from "../../../sandbox";

/** One event of a watch, in the order in which the API server made them. */
export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
}

/** A watch that runs until it is stopped. */
export interface Watch<T> {
  readonly events: readonly WatchEvent<T>[];
  stop(): void;
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string; readonly "certificate-authority-data": string } }];
  readonly users: readonly [
    { readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string } },
  ];
}

/**
 * Watches the objects of one collection (`secrets`) and one name over all namespaces, as the administrator. The API server begins with
 * those that are there, and then sends every single change: nothing in between is missed.
 */
export async function startWatch<T extends KubernetesObject>(
  { kubeconfig }: SandboxState,
  resource: string,
  name: string,
): Promise<Watch<T>> {
  const { clusters, users } = load(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
  const [{ cluster }] = clusters;
  const [{ user }] = users;
  const pem = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  const url = `${cluster.server}/api/v1/${resource}?watch=1&fieldSelector=metadata.name%3D${name}`;
  const events: WatchEvent<T>[] = [];
  const call = request(url, {
    ca: pem(cluster["certificate-authority-data"]),
    cert: pem(user["client-certificate-data"]),
    key: pem(user["client-key-data"]),
  });
  await new Promise<void>((resolve, reject) => {
    call.once("error", reject);
    call.once("response", (response) => {
      if (response.statusCode !== 200) reject(new Error(`the watch was answered with ${response.statusCode}`));
      const lines = createInterface({ input: response });
      lines.on("line", (line) => void events.push(JSON.parse(line) as WatchEvent<T>));
      // Stopping it is an error to those who still read.
      for (const reader of [call, response, lines]) reader.on("error", () => undefined);
      resolve();
    });
    call.end();
  });
  return { events, stop: () => void call.destroy() };
}
