import { pullCheck } from "../schema";
import { type ConstructProps, resourceOf } from "./from-schema";

/** Props of {@link PullCheck}: the attributes of `registry_pull_check`, in camelCase. */
export type PullCheckProps = ConstructProps<typeof pullCheck>;

/**
 * Waits until Pods have pulled their images, and says why where they can't (`registry_pull_check`). Let `lifecycle.replaceTriggeredBy`
 * name what makes the Pods, their pull secret and the service-account patch, so that each of their changes is checked.
 */
export class PullCheck extends resourceOf(pullCheck) {}
