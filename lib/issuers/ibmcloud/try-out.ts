import { ClientError } from "../../clients/client-error";
import { createContainerRegistryClient } from "../../clients/container-registry/client";
import { type HttpClientOptions, isLoopback } from "../../clients/http";
import type { IamClient } from "../../clients/ibmcloud-iam/types";
import { sleep as realSleep } from "../../clients/sleep";
import { ENDPOINTS_VARIABLE, endpointOf, readRegistryEndpoints } from "../../domain/registry-endpoints";
import type { Secret } from "../../domain/secret";
import { API_KEY_USERNAME } from "./api-key";
import { repeated } from "./lag";

/** A registry that can't be reached from here says nothing about a key. */
const LONGEST_LOOK_MS = 10_000;
/** Is nowhere: what counts is whether the token server takes the key. */
const NOWHERE = { repository: "registry-access/no-such-repository", tag: "none" };

/**
 * Waits until the registry takes a new key: before that, Secrets would hold one that nobody can pull with, and the old one would be
 * revoked already. Throws the registry's refusal where the signal ends the wait; a registry that can't be asked is not waited for.
 */
export function createTryOut(
  iam: IamClient,
  hosts: readonly string[],
  {
    sleep = realSleep,
    ...options
  }: Omit<HttpClientOptions, "baseUrl"> & { readonly env?: { readonly [name: string]: string | undefined } },
): (id: string, signal: AbortSignal) => Promise<void> {
  async function look(password: Secret, host: string, signal: AbortSignal): Promise<void> {
    const endpoints = readRegistryEndpoints(options.env?.[ENDPOINTS_VARIABLE] ?? "");
    const endpoint = typeof endpoints === "string" ? undefined : endpointOf(endpoints, host);
    const registry = createContainerRegistryClient({
      ...options,
      host,
      ...(endpoint === undefined ? { plainHttp: isLoopback(host.replace(/:\d+$/, "")) } : { endpoint }),
      credential: { username: API_KEY_USERNAME, password },
    });
    try {
      const ends = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_LOOK_MS)]);
      await registry.headManifest(NOWHERE.repository, NOWHERE.tag, ends);
    } catch (error) {
      if (ClientError.is(error, "unauthenticated") || signal.aborted) throw error;
    } finally {
      await registry.close();
    }
  }

  return async (id, signal) => {
    const [host] = hosts;
    if (host === undefined) return;
    const password = await repeated(() => revealed(iam, id, signal), "not_found", sleep, signal);
    if (password !== null) await repeated(() => look(password, host, signal), "unauthenticated", sleep, signal);
  };
}

async function revealed(iam: IamClient, id: string, signal: AbortSignal): Promise<Secret | null> {
  const value = await iam.revealApiKey(id, signal);
  if (value !== undefined) return value;
  throw new ClientError("not_found", `${iam.endpoint} made API key ${JSON.stringify(id)}, and does not show it yet.`);
}
