import { authOf } from "../../../lib/domain/docker-config";
import { Secret } from "../../../lib/domain/secret";
import { parseTokenMark } from "../../../lib/domain/token-mark";
import { DEDICATED, readCredentials, type SandboxState } from "../../../sandbox";
import { type BluemixControl, createBluemixControl } from "../../../sandbox/emulators/bluemix";
import type { ControlledToken } from "../../../sandbox/emulators/bluemix/control-client";
import { type PullResult, provePull } from "../../../sandbox/main-job/pull-proof";
import type { Cluster } from "./cluster";

/** A sandbox's Bluemix, seen from behind. */
export interface Bluemix extends BluemixControl {
  /** The tokens of an owner that still open the registry. */
  living(owner: string): Promise<readonly ControlledToken[]>;
  /** The one token of an owner that still opens the registry; throws where there are several, or none. */
  onlyLiving(owner: string): Promise<ControlledToken>;
  /** Pulls from the private registry with what a Secret holds for the dedicated environment. */
  pull(namespace: string, secret: string): Promise<PullResult>;
}

/** Opens the control port of a sandbox's Bluemix emulator. */
export function openBluemix(cluster: Cluster): Bluemix {
  const { state } = cluster;
  const control = createBluemixControl(state.bluemix.control, readCredentials(state.credentialsFile).controlSecret.reveal());
  const living = async (owner: string) =>
    (await control.tokens()).filter(
      ({ description, revoked, expired }) => parseTokenMark(description)?.owner === owner && !revoked && !expired,
    );
  return {
    ...control,
    living,
    async onlyLiving(owner) {
      const [token, ...others] = await living(owner);
      if (token !== undefined && others.length === 0) return token;
      throw new Error(`one token of ${owner} should live: ${JSON.stringify(await describeTokens(control))}`);
    },
    async pull(namespace, secret) {
      const config = await dockerConfigOf(cluster, namespace, secret);
      return provePull(state, DEDICATED.hosts[0], config, new AbortController().signal);
    },
  };
}

/** The password that a Secret has for the dedicated environment's registry host. */
export async function dedicatedPassword(cluster: Cluster, namespace: string, secret: string): Promise<string | undefined> {
  return authOf(await dockerConfigOf(cluster, namespace, secret), DEDICATED.hosts[0])?.password;
}

/** HCL of a provider's issuer `dedicated`; the API key stands in BLUEMIX_DEDICATED_API_KEY. */
export function dedicatedIssuer({ bluemix }: SandboxState): string {
  const url = JSON.stringify(bluemix.regions.dedicated.url);
  return `{
    dedicated = { bluemix = {
      api_endpoint      = ${url}
      registry_endpoint = ${url}
      hosts             = ${JSON.stringify(DEDICATED.hosts)}
      organization      = "acme"
      api_key_env       = "BLUEMIX_DEDICATED_API_KEY"
    } }
  }`;
}

/** The environment that goes with {@link dedicatedIssuer}; its registry host and Docker Hub are asked in the sandbox. */
export function dedicatedEnvironment({ credentialsFile, registries }: SandboxState): { readonly [name: string]: string } {
  return {
    BLUEMIX_DEDICATED_API_KEY: readCredentials(credentialsFile).bluemix.apiKey.reveal(),
    REGISTRY_ACCESS_ENDPOINTS: [
      `docker.io=${registries.public.url}`,
      `registry.partner.example:5000=${registries.public.url}`,
      ...DEDICATED.hosts.map((host) => `${host}=${registries.private.url}`),
    ].join(),
  };
}

async function dockerConfigOf(cluster: Cluster, namespace: string, secret: string): Promise<Secret> {
  const config = await cluster.dockerConfig(namespace, secret);
  if (config === undefined) throw new Error(`Secret ${namespace}/${secret} is not there`);
  return Secret.of(JSON.stringify(config));
}

async function describeTokens(control: BluemixControl): Promise<unknown> {
  return (await control.tokens()).map(({ description, revoked, expired }) => ({ description, revoked, expired }));
}
