/** What pull checks may be told to do; the first is the default. */
export const PULL_CHECKS = ["wait", "skip"] as const;
/** What pull checks do. */
export type PullChecks = (typeof PULL_CHECKS)[number];
