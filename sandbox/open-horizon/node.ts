import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DEDICATED, REGIONAL } from "../bluemix/accounts";
import type { RegistriesState } from "../state";
import { ACCOUNTS, readOpenHorizonCredentials } from "./accounts";
import type { AgentOptions } from "./agent/agent";
import type { OpenHorizonState } from "./state";

/** What the node's Docker trusts registries by, as `/etc/docker/certs.d`: where an `EdgeNodeTrust` installs. */
export const nodeCertificates = (sandboxFolder: string): string => join(sandboxFolder, "edge-node", "certs.d");

/**
 * How the sandbox's edge node reaches the exchange and the registries.
 *
 * @param hosts - where further registry hosts are, by their names
 */
export async function nodeOf(
  state: OpenHorizonState,
  sandbox: RegistriesState,
  hosts: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<AgentOptions> {
  const { node } = ACCOUNTS;
  const login = {
    username: `${node.organization}/${node.name}`,
    password: readOpenHorizonCredentials(state.credentialsFile).node.reveal(),
  };
  const ca = await readFile(sandbox.caFile, "utf8");
  const named = [...DEDICATED.hosts, ...REGIONAL.hosts].map((host) => [host, sandbox.registries.private.url] as const);
  return {
    exchange: { url: state.exchange, ca, organization: state.organization, login },
    endpoints: { "docker.io": sandbox.registries.public.url, ...Object.fromEntries(named), ...hosts },
    certificates: nodeCertificates(dirname(state.credentialsFile)),
    signal,
  };
}
