import { pullSecret } from "../schema";
import { type ConstructProps, resourceOf } from "./from-schema";

/** Props of {@link PullSecret}: the attributes of `registry_pull_secret`, in camelCase. */
export type PullSecretProps = ConstructProps<typeof pullSecret>;

/**
 * One docker-registry Secret (`kubernetes.io/dockerconfigjson`) in each of many namespaces (`registry_pull_secret`).
 * No value of it is in the state or the plan.
 */
export class PullSecret extends resourceOf(pullSecret) {}
