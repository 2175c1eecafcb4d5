import { isRecord } from "../domain/json";
import { ClientError } from "./client-error";
import { createHttpClient, type HttpClientOptions } from "./http";
import {
  createRegistryRequests,
  jsonOf,
  listRegistryImages,
  REGISTRY_LIST,
  type RegistryImage,
  type RegistryLogin,
  readRegistryError,
} from "./registry-v1";

/** A registry namespace of an account. */
export interface IcrNamespace {
  readonly name: string;
  /** The resource group's id; null for one of before there were resource groups, or where the registry does not say. */
  readonly resourceGroup: string | null;
}

/**
 * IBM Cloud Container Registry, the API of one region (facts: token API v1, other calls; container-registry-go-sdk, containerregistryv1).
 * Every call may throw a ClientError.
 */
export interface IcrClient {
  /** The region's URL, for messages. */
  readonly endpoint: string;
  /** Those of the account. */
  listNamespaces(signal: AbortSignal): Promise<IcrNamespace[]>;
  /**
   * Makes one. False where the account has it already, and it stays as it is: the list shows but those that the login may see.
   * Sent once only, since a second answer would say "already" of one's own: its failure may be `ambiguous`.
   */
  putNamespace(name: string, resourceGroup: string | null, signal: AbortSignal): Promise<boolean>;
  /** With all its images. False where it was gone already. */
  deleteNamespace(name: string, signal: AbortSignal): Promise<boolean>;
  /** All that is in it: images with tags, lists of images for several architectures, and what has no tag any more. */
  listImages(namespace: string, signal: AbortSignal): Promise<RegistryImage[]>;
  close(): Promise<void>;
}

const NAMESPACES = "/api/v1/namespaces";
const DETAILS = `${NAMESPACES}/details`;
const DIGESTS = "/api/v1/images/digests";

/** Makes a client of one region's registry at `baseUrl` (`https://us.icr.io`). Contacts nothing yet. */
export function createIcrClient(options: HttpClientOptions, login: RegistryLogin): IcrClient {
  const http = createHttpClient({ ...options, readError: readRegistryError });
  const requests = createRegistryRequests(http, login, 'IBM Cloud Container Registry, such as "https://us.icr.io"');
  const pathOf = (name: string) => `${NAMESPACES}/${encodeURIComponent(name)}`;

  /** Registries that know no details have no resource groups either. */
  async function resourceGroups(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    try {
      const details = (await requests.list(DETAILS, undefined, signal)).filter(isRecord);
      return new Map(
        details.flatMap(({ name, resource_group: group }) =>
          typeof name === "string" && typeof group === "string" && group !== "" ? [[name, group] as const] : [],
        ),
      );
    } catch (error) {
      if (ClientError.is(error, "not_found")) return new Map();
      throw error;
    }
  }

  /** The list of images leaves out what has no tag. These come for all of the account: an empty list of repositories stands for all. */
  async function untagged(namespace: string, signal: AbortSignal): Promise<RegistryImage[]> {
    const json = { exclude_tagged: true, exclude_va: true };
    const request = { ...REGISTRY_LIST, method: "POST", path: DIGESTS, body: { json }, signal, idempotent: true } as const;
    const answer = (await requests.request(request)).json();
    if (!Array.isArray(answer)) throw requests.unexpected(DIGESTS, "a list");
    return answer.flatMap((item) => {
      // Never left out: what is not listed is deleted with its registry namespace.
      if (!isRecord(item) || typeof item.id !== "string" || !isRecord(item.repoTags))
        throw requests.unexpected(DIGESTS, "a list of digests with their repositories");
      const repositories = Object.keys(item.repoTags).filter((name) => isIn(namespace, name));
      return repositories.map((name) => ({ id: `${name}@${item.id}`, tags: [], digests: [`${name}@${item.id}`] }));
    });
  }

  return {
    endpoint: http.baseUrl,

    async listNamespaces(signal) {
      const names = (await requests.list(NAMESPACES, undefined, signal)).map((name) => {
        if (typeof name === "string" && name !== "") return name;
        // Never left out: what is not listed counts as deleted.
        throw requests.unexpected(NAMESPACES, "a list of names");
      });
      if (names.length === 0) return [];
      const groups = await resourceGroups(signal);
      return names.map((name) => ({ name, resourceGroup: groups.get(name) ?? null }));
    },

    async putNamespace(name, resourceGroup, signal) {
      const headers = resourceGroup === null ? {} : { "x-auth-resource-group": resourceGroup };
      const path = pathOf(name);
      const response = await requests.request({ method: "PUT", path, headers, signal, idempotent: false });
      if (response.status === 201) return true;
      // Only the registry's own word says that it was there already: what stands in between may have answered for it.
      const answer = jsonOf(response);
      if (isRecord(answer) && answer.namespace === name) return false;
      throw requests.unexpected(path, `{"namespace":${JSON.stringify(name)}}`);
    },

    async deleteNamespace(name, signal) {
      const path = pathOf(name);
      const response = await requests.request({ method: "DELETE", path, signal, expect: [200, 202, 204, 404] });
      if (response.status === 404) requests.gone(response, path, "a registry namespace");
      return response.status !== 404;
    },

    async listImages(namespace, signal) {
      const tagged = await listRegistryImages(requests, { namespace, includeManifestLists: "true" }, signal);
      return [...tagged, ...(await untagged(namespace, signal))];
    },

    close: () => http.close(),
  };
}

/** A repository's name, with its host or without. */
function isIn(namespace: string, repository: string): boolean {
  const [first = "", second = ""] = repository.split("/");
  return (/[.:]/.test(first) ? second : first) === namespace;
}
