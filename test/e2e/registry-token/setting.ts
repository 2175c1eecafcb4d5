/** What the tests of `registry_token` share: one file for each aspect, run by registry-token.test.ts in one cluster. */
import { DEDICATED, ORGANIZATION, readCredentials, type SandboxCredentials } from "../../../sandbox";
import { type BluemixControl, createBluemixControl } from "../../../sandbox/emulators/bluemix/control-client";
import { startCluster } from "../support/cluster";
import { type LimitedCluster, underRoles } from "../support/identities";
import { createStack, removeStack, type Stack } from "../support/terraform";

/** The addresses of the two resources. */
export const TOKEN = "registry_token.ci";
export const SECRET = "registry_pull_secret.pull";
/** The cluster of all tests. */
export let cluster: LimitedCluster;
/** The emulator's own port. */
export let control: BluemixControl;
/** What opens the sandbox. */
let credentials: SandboxCredentials;
/** A test's own stack. */
export let stack: Stack;
/** How many tests have begun: what is named by it is a test's own. */
let count = 0;

/** A test's own namespace. */
export const namespace = (): string => `t${count}`;
/** A test's own owner. */
export const owner = (): string => `tests/token-${count}`;

/** The provider's configuration, with other attributes of the issuer. */
export function provider(login = "", account = `organization = "${ORGANIZATION.name}"`): string {
  return `
provider "registry" {
  owner      = "${owner()}"
  kubernetes = ${cluster.kubernetes}
  issuers = {
    dedicated = {
      bluemix = {
        api_endpoint      = "${cluster.state.bluemix.regions.dedicated.url}"
        registry_endpoint = "${cluster.state.bluemix.regions.dedicated.url}"
        hosts             = ${JSON.stringify(DEDICATED.hosts)}
        ${account}
        ${login}
      }
    }
  }
}
`;
}

/** A registry token `ci`; `rest` is more of its attributes. */
export function token(rest = ""): string {
  return `
resource "registry_token" "ci" {
  issuer = "dedicated"
  name   = "ci"
  ${rest}
}
`;
}

/** A pull secret in the namespace of the test. */
export function pullSecret(credential = "registry_token.ci.credential_id", hosts = JSON.stringify(DEDICATED.hosts)): string {
  return `
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ["${namespace()}"]
  registries = [{ hosts = ${hosts}, credential_id = ${credential} }]
}
`;
}

/** As rotation wants it. */
export const CREATE_FIRST = "lifecycle { create_before_destroy = true }";

/** This test's tokens at the issuer that can still be used. */
export async function living(): Promise<readonly string[]> {
  const tokens = await control.tokens();
  return tokens
    .filter(({ description, revoked, expired }) => description.includes(`owner=${owner()} `) && !revoked && !expired)
    .map(({ id }) => id);
}

/** The token's id in the state. */
export async function credentialId(): Promise<string> {
  return (await stack.attributes<{ credential_id: string }>(TOKEN))?.credential_id ?? "";
}

/** The token's value in the namespace's Secret. */
export async function written(): Promise<string | undefined> {
  const config = (await cluster.dockerConfig(namespace(), "pull")) as { auths: { [host: string]: { password: string } } };
  return config.auths[DEDICATED.hosts[0]]?.password;
}

/** Starts the cluster before the tests of a file, and makes namespaces and a stack for each. */
export function useSetting(): void {
  beforeAll(async () => {
    cluster = await underRoles(await startCluster("registry-token"), { pullSecrets: ["pull"], serviceAccounts: ["default"] });
    const { bluemix, credentialsFile } = cluster.state;
    credentials = readCredentials(credentialsFile);
    control = createBluemixControl(bluemix.control, credentials.controlSecret.reveal());
  });
  afterAll(() => cluster?.stop());
  beforeEach(async () => {
    count += 1;
    await cluster.createNamespace(namespace());
    stack = await createStack("token", { BLUEMIX_API_KEY: credentials.bluemix.apiKey.reveal() }, undefined, cluster.envOf);
  });
  afterEach(async () => {
    await control.setClockOffset(0);
    await control.clearFaults();
    removeStack(stack);
  });
}
