import { registryImage } from "../schema";
import { type ConstructProps, dataSourceOf } from "./from-schema";

/** Props of {@link DataRegistryImage}: the arguments of the data source `registry_image`, in camelCase. */
export type DataRegistryImageProps = ConstructProps<typeof registryImage>;

/**
 * Resolves an image reference to its digest, as a node would, with a given credential or anonymously. With `pullSecret` of a
 * Secret that the same stack makes, give that resource in `dependsOn`.
 */
export class DataRegistryImage extends dataSourceOf(registryImage) {}
