import { ok, type Route } from "../../http";
import { readObject } from "../body";
import type { ImageConfig, RegionConfig } from "../config";
import type { EmulatorContext } from "../context";
import { registryError } from "../errors";
import type { Identity } from "../identity";
import { withRegistryLogin } from "../registry-login";

/** The registry's images, quotas and settings, to read. */
export function registryContentRoutes(context: EmulatorContext, region: RegionConfig): Route[] {
  const { store } = context;
  const imagesOf = ({ account }: Identity): readonly ImageConfig[] => {
    const own = store.data.namespaces.filter((one) => one.region === region.name && one.account === account);
    return (region.images ?? []).filter(({ repository }) => own.some(({ name }) => name === repository.split("/")[0]));
  };
  return [
    {
      method: "GET",
      path: "/api/v1/images",
      handle: withRegistryLogin(context, region, "pull", ({ url }, caller) => {
        const only = { namespace: url.searchParams.get("namespace") ?? "", repository: url.searchParams.get("repository") ?? "" };
        const lists = url.searchParams.get("includeManifestLists") === "true";
        const images = imagesOf(caller).filter(
          ({ repository, tag, isManifestList = false }) =>
            tag !== undefined &&
            (lists || !isManifestList) &&
            ["", repository.split("/")[0]].includes(only.namespace) &&
            ["", repository].includes(only.repository),
        );
        return ok(images.map((image) => formatImage(region.host, image)));
      }),
    },
    {
      method: "POST",
      path: "/api/v1/images/digests",
      handle: withRegistryLogin(context, region, "pull", ({ body }, caller) => {
        const wanted = readObject(body);
        if (wanted === undefined) return registryError(400, "The body is no JSON object.");
        const only: readonly unknown[] = Array.isArray(wanted.repositories) ? wanted.repositories : [];
        const images = imagesOf(caller).filter(
          ({ repository, tag }) =>
            (wanted.exclude_tagged !== true || tag === undefined) && (only.length === 0 || only.includes(repository)),
        );
        return ok(images.map((image) => formatDigest(region.host, image)));
      }),
    },
    {
      method: "GET",
      path: "/api/v1/quotas",
      handle: withRegistryLogin(context, region, "pull", () =>
        ok({ limit: { storage_bytes: -1, traffic_bytes: -1 }, usage: { storage_bytes: 0, traffic_bytes: 0 } }),
      ),
    },
    {
      method: "GET",
      path: "/api/v1/auth",
      handle: withRegistryLogin(context, region, "pull", () => ok({ iam_authz: true, private_only: false })),
    },
  ];
}

const manifestType = ({ isManifestList = false }: ImageConfig): string =>
  `application/vnd.docker.distribution.manifest.${isManifestList ? "list." : ""}v2+json`;

/** As IBM's SDKs know it: tags by repository. */
function formatDigest(host: string, image: ImageConfig): unknown {
  const { repository, tag, digest, size } = image;
  const tags = tag === undefined ? {} : { [tag]: {} };
  return { id: digest, manifestType: manifestType(image), repoTags: { [`${host}/${repository}`]: tags }, created: 0, size };
}

function formatImage(host: string, image: ImageConfig): unknown {
  const { repository, tag, digest, size } = image;
  const name = `${host}/${repository}`;
  return {
    Id: digest,
    ParentId: "",
    RepoTags: [`${name}:${tag}`],
    RepoDigests: [`${name}@${digest}`],
    DigestTags: { [`${name}@${digest}`]: [`${name}:${tag}`] },
    Created: 0,
    Size: size,
    VirtualSize: size,
    Labels: {},
    ManifestType: manifestType(image),
    Vulnerable: "false",
  };
}
