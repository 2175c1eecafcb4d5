import { dataRegistryToken } from "../schema";
import { type ConstructProps, dataSourceOf } from "./from-schema";

/** Props of {@link DataRegistryToken}: the arguments of the data source `registry_token`, in camelCase. */
export type DataRegistryTokenProps = ConstructProps<typeof dataRegistryToken>;

/**
 * Looks up a registry token that exists, by id or by description, as `bx cr token-list` and `token-get` do. Free of side
 * effects, and never the value.
 */
export class DataRegistryToken extends dataSourceOf(dataRegistryToken) {}
