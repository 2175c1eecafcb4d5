import { horizonRegistryAuth } from "../schema";
import { type ConstructProps, resourceOf } from "./from-schema";

/** Props of {@link HorizonRegistryAuth}: the attributes of `registry_horizon_registry_auth`, in camelCase. */
export type HorizonRegistryAuthProps = ConstructProps<typeof horizonRegistryAuth>;

/** What edge nodes pull a service's images with (`registry_horizon_registry_auth`). `HorizonService` makes it of a registry. */
export class HorizonRegistryAuth extends resourceOf(horizonRegistryAuth) {}
