import { type Cell, cell, NOTHING } from "../../main-job/cell";
import { describeError } from "../../sandbox-error";
import { type ExchangeAccess, type NodeExchange, openExchange } from "./exchange";
import { type ImagePath, parseImagePath } from "./image-path";
import { type Login, pullImage } from "./pull-image";
import { trustedFor } from "./trusted-certificates";
import { type Verified, verifyPattern, verifyService } from "./verify-deployment";

/** What an edge node is told: whose services it runs, and how it reaches the registries. */
export interface AgentOptions {
  readonly exchange: ExchangeAccess;
  /** Where registry hosts really are. @default - on this machine, without TLS */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** The folder that stands for `/etc/docker/certs.d`: `HOST/ca.crt` of the registries that the system's roots don't know. @default - none */
  readonly certificates?: string;
  readonly signal: AbortSignal;
}

/** What the node is to run: a pattern, or a service by `ORG/ID`. */
export type Deployment = { readonly pattern: string } | { readonly service: string };

/** What came of one image of a service. */
export interface AgentRow {
  /** `ORG/ID`; what of it, where that is not its deployment on a device. */
  readonly service: string;
  /** By which key the deployment is signed, or why it is refused. */
  readonly signature: Cell;
  readonly image: Cell;
  /** Whose login the registry took; `without a login` for an anonymous pull. */
  readonly login: Cell;
  /** How much was pulled, or what refused it. */
  readonly pull: Cell;
}

/** Does what an edge node does: fetches a service, verifies its deployment, and pulls its images. Nothing is pulled of what is not signed. */
export async function runAgent(wanted: Deployment, options: AgentOptions): Promise<AgentRow[]> {
  const node = openExchange(options.exchange, options.signal);
  if ("service" in wanted) return await runService(node, wanted.service, options);
  const pattern = await node.pattern(wanted.pattern);
  if (pattern === undefined) return [refused(`pattern ${wanted.pattern}`, "it is not in the exchange")];
  const choices = await verifyPattern(node, wanted.pattern, pattern);
  const rows = await Promise.all(
    choices.map(async ({ service, overrides }) => {
      if (overrides === undefined) return await runService(node, service, options);
      const row = verified(`${service}, changed by pattern ${wanted.pattern}`, overrides);
      // A service whose overrides are refused does not run without them.
      return "fault" in overrides ? [row] : [row, ...(await runService(node, service, options))];
    }),
  );
  return rows.flat();
}

/** All patterns of the organization, and the services that are in none: what a whole fleet of nodes would run. */
export async function runWholeOrganization(options: AgentOptions): Promise<AgentRow[]> {
  const node = openExchange(options.exchange, options.signal);
  const names = await node.patterns();
  const patterns = await Promise.all(names.sort().map((pattern) => runAgent({ pattern }, options)));
  const rows = patterns.flat();
  const others = (await node.services()).filter((id) => !rows.some(({ service }) => service.split(",")[0] === id)).sort();
  const all = [...rows, ...(await Promise.all(others.map((service) => runAgent({ service }, options)))).flat()];
  // Several patterns may name one service.
  return all.filter((row, index) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(row)) === index);
}

async function runService(node: NodeExchange, id: string, options: AgentOptions): Promise<AgentRow[]> {
  const service = await node.service(id);
  if (service === undefined) return [refused(id, "it is not in the exchange")];
  const { device, cluster } = await verifyService(node, id, service);
  if (device === undefined && cluster === undefined) return [refused(id, "it has no deployment")];
  // What an operator's archive pulls is the cluster's own business.
  const rows = cluster === undefined ? [] : [verified(`${id} on a cluster`, cluster)];
  if (device === undefined) return rows;
  if ("fault" in device) return [...rows, refused(id, device.fault)];
  const logins = await loginsOf(node, id);
  const images = imagesOf(service.deployment);
  if (images === undefined) return [...rows, refused(id, "its deployment is not JSON with services that have images")];
  const pulled = images.map(async (image): Promise<AgentRow> => {
    const row = { service: id, signature: cell(true, device.signedBy), image: cell(true, image) };
    const path = parseImagePath(image);
    if (path === undefined) return { ...row, image: cell(false, `${image} is no image`), login: NOTHING, pull: NOTHING };
    return { ...row, ...(await pullWithAny(path, logins(path.domain), options)) };
  });
  return [...rows, ...(await Promise.all(pulled))];
}

/** By registry, exactly as it is written; each login once, in the order of their ids. */
async function loginsOf(node: NodeExchange, id: string): Promise<(domain: string) => Login[]> {
  const dockAuths = await node.dockAuths(id);
  return (domain) => {
    const fitting = dockAuths.filter(({ registry }) => registry === domain);
    const logins = fitting.map(({ username, token }) => ({ username: username === "" ? "token" : username, password: token }));
    return logins.filter(
      (login, index) =>
        logins.findIndex(({ username, password }) => username === login.username && password === login.password) === index,
    );
  };
}

function imagesOf(deployment: string): string[] | undefined {
  try {
    const { services } = JSON.parse(deployment) as { readonly services: Readonly<Record<string, { readonly image: string }>> };
    const images = Object.values(services).map(({ image }) => image);
    return images.length > 0 && images.every((image) => typeof image === "string") ? images : undefined;
  } catch {
    return undefined;
  }
}

/** Tries each login, then without one. */
async function pullWithAny(
  { domain, path, reference }: ImagePath,
  logins: readonly Login[],
  { endpoints = {}, certificates, signal }: AgentOptions,
): Promise<Pick<AgentRow, "login" | "pull">> {
  const ca = trustedFor(certificates, domain);
  const url = endpoints[domain] ?? `http://${domain}`;
  const faults: string[] = [];
  for (const login of [...logins, undefined]) {
    const who = login === undefined ? "without a login" : `as ${login.username}`;
    try {
      const { blobs, bytes } = await pullImage({ url, path, reference, login, ca, signal });
      return { login: cell(true, who), pull: cell(true, `${path}: ${blobs} blobs, ${bytes} B`) };
    } catch (error) {
      signal.throwIfAborted();
      faults.push(`${who}: ${describeError(error)}`);
    }
  }
  const taken = logins.length === 0 ? `there is none for ${domain}` : "none was taken";
  return { login: cell(false, taken), pull: cell(false, faults.join("\n")) };
}

/** Of what is verified, and pulls nothing itself. */
function verified(service: string, outcome: Verified): AgentRow {
  if ("fault" in outcome) return refused(service, outcome.fault);
  return { service, signature: cell(true, outcome.signedBy), image: NOTHING, login: NOTHING, pull: NOTHING };
}

function refused(service: string, why: string): AgentRow {
  return { service, signature: cell(false, why), image: NOTHING, login: NOTHING, pull: NOTHING };
}
