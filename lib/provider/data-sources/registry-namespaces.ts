import { registryNamespaces } from "../../schema/registry-namespaces";
import type { ConfiguredProvider } from "../configured/provider";
import type { DataSourceType } from "../framework/definition";
import { selectNamespaces, toNamespaceSelector } from "../namespace-selection";

/** The data source `registry_namespaces`. */
export const registryNamespacesDataSource: DataSourceType<ConfiguredProvider> = {
  schema: registryNamespaces,
  async read(config, { provider, signal }) {
    // One that waited for other resources is read in the middle of an apply: a list from before it would be too old.
    provider.cluster.namespaces.forget();
    const { selected, leftOut } = await selectNamespaces(toNamespaceSelector(config), [], provider, signal);
    return { ...config, namespaces: selected, left_out: Object.fromEntries(leftOut) };
  },
};
