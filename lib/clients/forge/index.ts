/** Comments of pull requests and merge requests, one client for each forge. */
export { createGithubComments } from "./github";
export { createGitlabComments } from "./gitlab";
export type { ForgeComment, ForgeComments } from "./types";
