import type { KubernetesClient, KubernetesObject, Location } from "./client";

/**
 * Reads an object; undefined only where it is missing twice. What is taken for gone leaves the state, and nobody would find it again: one
 * wrong answer (a cache, a server that was just restored) is not enough for that.
 */
export async function getTwice<T extends KubernetesObject>(
  client: KubernetesClient,
  location: Location,
  signal: AbortSignal,
): Promise<T | undefined> {
  return (await client.get<T>(location, signal)) ?? client.get<T>(location, signal);
}
