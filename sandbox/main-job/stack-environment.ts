/** The main job: deploys a stack into the sandbox as a user would, and proves that every namespace can pull. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildProvider } from "../../scripts/build-provider";
import { DEDICATED, REGIONAL, readCredentials } from "../bluemix/accounts";
import type { Engine } from "../engine";
import { chooseKubernetesProvider, describeKubernetesProvider, writeCliConfig } from "../provider-mirror";
import type { RegistriesState } from "../state";
import { startedSystems } from "../systems/registered";

/** Environment variables, by name. */
export type Variables = { readonly [name: string]: string };

/** The cluster to deploy into. */
export interface ClusterChoice {
  readonly kubeconfig: string;
  readonly context: string;
}

/** What main.ts and the examples read: endpoints of the sandbox, and its secrets. */
export function stackVariables(state: RegistriesState, cluster: ClusterChoice): Variables {
  const { dedicated, "us-south": regional } = state.bluemix.regions;
  const { bluemix, partner } = readCredentials(state.credentialsFile);
  const systems = startedSystems(state.systems);
  // A loopback host is found without being told.
  const named = systems.flatMap((system) => system.registryHosts()).filter(({ host, url }) => host !== new URL(url).host);
  return {
    DEDICATED_DOMAIN: DEDICATED.domain,
    DEDICATED_API_ENDPOINT: dedicated.url,
    DEDICATED_REGISTRY_ENDPOINT: dedicated.url,
    REGIONAL_API_ENDPOINT: regional.url,
    REGIONAL_REGISTRY_ENDPOINT: regional.url,
    PARTNER_REGISTRY: state.registries.private.host,
    REGISTRY_ACCESS_ENDPOINTS: [
      `docker.io=${state.registries.public.url}`,
      ...[...DEDICATED.hosts, ...REGIONAL.hosts].map((host) => `${host}=${state.registries.private.url}`),
      ...named.map(({ host, url }) => `${host}=${url}`),
    ].join(),
    BLUEMIX_DEDICATED_API_KEY: bluemix.apiKey.reveal(),
    BLUEMIX_REGIONAL_API_KEY: bluemix.apiKey.reveal(),
    TF_VAR_partner_password: partner.password.reveal(),
    TF_VAR_partner_registry: state.registries.private.host,
    TF_VAR_api_endpoint: dedicated.url,
    TF_VAR_registry_endpoint: dedicated.url,
    KUBE_CONFIG_PATH: cluster.kubeconfig,
    KUBE_CTX: cluster.context,
    ...Object.assign({}, ...systems.map((system) => system.variables(state))),
  };
}

/** How the engine finds its providers, and that nothing calls home. */
export interface EngineSetup {
  readonly variables: Variables;
  /** One line: which provider plays hashicorp/kubernetes. */
  readonly kubernetesProvider: string;
  /** Another one for another build of hashicorp/kubernetes or its stand-in: a lock file knows only the build it was made with. */
  readonly build: string;
}

/** Builds the providers where they aren't built, and configures the engine to find hashicorp/kubernetes or its stand-in. */
export async function setUpEngine(engine: Engine, folder: string, signal?: AbortSignal): Promise<EngineSetup> {
  await buildProvider("registry");
  const host = engine.kind === "terraform" ? "registry.terraform.io" : "registry.opentofu.org";
  const chosen = await chooseKubernetesProvider(process.env, { host, ...(signal && { signal }) });
  const binary =
    chosen.kind === "registry" ? undefined : chosen.kind === "stand-in" ? await buildProvider("kubernetes") : chosen.path;
  const config = writeCliConfig({
    folder: join(folder, `engine-${engine.kind}-${chosen.kind}`),
    ...(binary === undefined ? {} : { kubernetesProviderBinary: binary }),
  });
  return {
    build: binary === undefined ? chosen.kind : createHash("sha256").update(readFileSync(binary)).digest("hex"),
    kubernetesProvider: describeKubernetesProvider(chosen),
    variables: {
      TERRAFORM_BINARY_NAME: engine.path,
      TF_CLI_CONFIG_FILE: config,
      CHECKPOINT_DISABLE: "1",
      DISABLE_VERSION_CHECK: "1",
      // cdktf's plugin cache is one for all stacks of the user, and Terraform does not lock it: of two starts at once one would fail.
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    },
  };
}
