import { ok, type Route } from "../../http";
import type { ImageConfig, RegionConfig } from "../config";
import type { EmulatorContext } from "../context";
import { registryError, withRegistryLogin } from "../registry-login";

/** The registry's namespaces, images and quotas. */
export function registryContentRoutes(context: EmulatorContext, region: RegionConfig): Route[] {
  const { store } = context;
  const namespace = (name: string | undefined) =>
    store.data.namespaces.find((one) => one.region === region.name && one.name === name);
  const inRegion = () => store.data.namespaces.filter((one) => one.region === region.name);
  return [
    {
      method: "GET",
      path: "/api/v1/namespaces",
      handle: withRegistryLogin(context, region, "look", (_request, { account }) =>
        ok(inRegion().flatMap((one) => (one.account === account ? [one.name] : []))),
      ),
    },
    {
      method: "PUT",
      path: "/api/v1/namespaces/:name",
      handle: withRegistryLogin(context, region, "change", ({ params }, { account }) => {
        const name = params.name ?? "";
        const existing = namespace(name);
        if (existing !== undefined && existing.account !== account) return registryError(409, "The namespace is taken.");
        if (existing === undefined) store.data.namespaces.push({ region: region.name, name, account });
        store.save();
        return ok({ namespace: name });
      }),
    },
    {
      method: "DELETE",
      path: "/api/v1/namespaces/:name",
      handle: withRegistryLogin(context, region, "change", ({ params }, { account }) => {
        const existing = namespace(params.name);
        if (existing?.account !== account) return registryError(404, "The namespace does not exist.");
        store.data.namespaces = store.data.namespaces.filter((one) => one !== existing);
        store.save();
        return { status: 204 };
      }),
    },
    {
      method: "GET",
      path: "/api/v1/images",
      handle: withRegistryLogin(context, region, "look", ({ url }, { account }) => {
        const includeIbm = url.searchParams.get("includeIBM") === "true";
        const only = { namespace: url.searchParams.get("namespace") ?? "", repository: url.searchParams.get("repository") ?? "" };
        const images = (region.images ?? []).filter((image) => {
          const [first = ""] = image.repository.split("/");
          const owner = namespace(first);
          const visible = owner?.account === account || (includeIbm && owner?.sharedWithAllAccounts === true);
          return visible && ["", first].includes(only.namespace) && ["", image.repository].includes(only.repository);
        });
        return ok(images.map((image) => formatImage(region.hosts[0], image)));
      }),
    },
    {
      method: "GET",
      path: "/api/v1/quotas",
      handle: withRegistryLogin(context, region, "look", () =>
        ok({ limit: { storage_bytes: -1, traffic_bytes: -1 }, usage: { storage_bytes: 0, traffic_bytes: 0 } }),
      ),
    },
  ];
}

function formatImage(host: string, image: ImageConfig): unknown {
  const repository = `${host}/${image.repository}`;
  return {
    Id: image.digest,
    ParentId: "",
    RepoTags: [`${repository}:${image.tag}`],
    RepoDigests: [`${repository}@${image.digest}`],
    DigestTags: { [`${repository}@${image.digest}`]: [`${repository}:${image.tag}`] },
    Created: 0,
    Size: image.size ?? 0,
    VirtualSize: image.size ?? 0,
    Labels: {},
    Vulnerable: "false",
  };
}
