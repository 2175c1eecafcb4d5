import { controlRoutes, createFaults, createListeners, createRequestLog, type RunningEmulator, type ServiceUrls } from "../http";
import type { ForgeEmulatorConfig } from "./config";
import { refusal } from "./context";
import { forgeControlRoutes } from "./routes/control";
import { githubRoutes } from "./routes/github";
import { gitlabRoutes } from "./routes/gitlab";
import { githubPipelineRoutes, gitlabPipelineRoutes } from "./routes/pipelines";
import { openStore } from "./store";

/** Where everything is: what `main.ts` prints beside `"ready": true`. */
export interface ForgeUrls {
  /** GITHUB_API_URL; its `/graphql` is below. */
  readonly github: ServiceUrls;
  /** CI_API_V4_URL is this and `/api/v4`. */
  readonly gitlab: ServiceUrls;
  readonly control: ServiceUrls;
}

/** Starts the emulator in this process. Throws on a wrong configuration and on a taken port. */
export async function startForgeEmulator(config: ForgeEmulatorConfig): Promise<RunningEmulator<ForgeUrls>> {
  checkConfig(config);
  const context = { config, store: openStore(config.dataFile) };
  const log = createRequestLog();
  const faults = createFaults();
  const listeners = createListeners(config);
  const lost = () => refusal(404, "Not Found");
  try {
    const ofGithub = [...githubRoutes(context), ...githubPipelineRoutes(context)];
    const ofGitlab = [...gitlabRoutes(context), ...gitlabPipelineRoutes(context)];
    const github = await listeners.open({ name: "github", routes: ofGithub, log, faults, notFound: lost });
    const gitlab = await listeners.open({ name: "gitlab", routes: ofGitlab, log, faults, notFound: lost });
    const { secret, port } = config.control;
    const routes = controlRoutes({ secret, log, faults, routes: forgeControlRoutes(context) });
    const control = await listeners.openControl({ name: "control", routes }, port);
    return { urls: { github, gitlab, control }, stop: listeners.stop };
  } catch (error) {
    await listeners.stop();
    throw error;
  }
}

function checkConfig({ users, projects, control }: ForgeEmulatorConfig): void {
  const tokens = users.flatMap((user) => user.tokens.map(({ value }) => value));
  const twice = (names: readonly (string | number)[]) => names.some((name, index) => names.indexOf(name) < index);
  const faults = [
    ...(twice(tokens) ? ["users[].tokens: a token is there twice."] : []),
    ...(twice(users.map(({ login }) => login)) ? ["users[]: a login is there twice."] : []),
    ...(twice(projects.map(({ path }) => path)) ? ["projects[]: a path is there twice."] : []),
    ...(control.secret.length < 16 ? ["control.secret: has to have at least 16 characters."] : []),
  ];
  if (faults.length > 0) throw new Error(`The forges' emulator's configuration is wrong:\n- ${faults.join("\n- ")}`);
}
