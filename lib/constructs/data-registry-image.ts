import { registryImage } from "../schema";
import { type ConstructProps, dataSourceOf } from "./from-schema";

/** Props of {@link DataRegistryImage}: the arguments of the data source `registry_image`, in camelCase. */
export type DataRegistryImageProps = ConstructProps<typeof registryImage>;

/**
 * Resolves an image reference to its digest, as a node would, with a given credential or anonymously. Where the same stack makes the
 * Secret of `pullSecret` and its name is given as text, give that resource in `dependsOn`.
 */
export class DataRegistryImage extends dataSourceOf(registryImage) {}
