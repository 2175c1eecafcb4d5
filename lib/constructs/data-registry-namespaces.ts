import { registryNamespaces } from "../schema";
import { type ConstructProps, dataSourceOf } from "./from-schema";

/** Props of {@link DataRegistryNamespaces}: the arguments of the data source `registry_namespaces`, in camelCase. */
export type DataRegistryNamespacesProps = ConstructProps<typeof registryNamespaces>;

/** The namespaces of the cluster that a selector means: the one that `Namespaces.matching` takes, looked at on its own. */
export class DataRegistryNamespaces extends dataSourceOf(registryNamespaces) {}
