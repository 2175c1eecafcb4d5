import { type Answer, send } from "../../http";
import { digestOf } from "../../images/image";
import { SandboxError } from "../../sandbox-error";

/** A login of a registry. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** What is pulled, and from where. */
export interface ImagePull {
  /** Where the registry really is. */
  readonly url: string;
  readonly path: string;
  /** A digest or a tag. */
  readonly reference: string;
  /** Undefined pulls without one. */
  readonly login: Login | undefined;
  /** PEM: what the registry is trusted by. @default - the system's roots */
  readonly ca?: string | undefined;
  readonly signal: AbortSignal;
}

/** What came down: manifest, configuration and layers, each checked against its digest. */
export interface PulledImage {
  /** Of the manifest. */
  readonly digest: string;
  readonly blobs: number;
  readonly bytes: number;
}

const MANIFESTS = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

interface Descriptor {
  readonly digest: string;
}
interface Manifest {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
}

/**
 * Pulls a whole image, as Docker would for the agent: nothing of it is kept.
 *
 * @throws an error with what the registry or its token server refused, never with a secret
 */
export async function pullImage(pull: ImagePull): Promise<PulledImage> {
  const get = await openRepository(pull);
  const { reference } = pull;
  const fetchManifest = async (wanted: string): Promise<Manifest & { digest: string }> => {
    const { body } = await get(`manifests/${wanted}`, { accept: MANIFESTS });
    const digest = digestOf(body);
    if (wanted.startsWith("sha256:") && wanted !== digest) throw new SandboxError(`the manifest is ${digest}, not ${wanted}`);
    return { ...(JSON.parse(body.toString("utf8")) as Manifest), digest };
  };
  const top = await fetchManifest(reference);
  const manifest = top.manifests?.[0] === undefined ? top : await fetchManifest(top.manifests[0].digest);
  const blobs = [...(manifest.config === undefined ? [] : [manifest.config]), ...(manifest.layers ?? [])];
  if (blobs.length === 0) throw new SandboxError("the manifest names no blobs");
  let bytes = 0;
  for (const { digest } of blobs) {
    const { body } = await get(`blobs/${digest}`, {});
    if (digestOf(body) !== digest) throw new SandboxError(`the blob ${digest} is another one`);
    bytes += body.length;
  }
  return { digest: top.digest, blobs: blobs.length, bytes };
}

/** Asks without a login first, and then as the registry's challenge says. */
async function openRepository({ url, path, login, ca, signal }: ImagePull) {
  const tls = ca !== undefined && url.startsWith("https:") ? { tls: { ca } } : {};
  let authorization: string | undefined;
  const ask = (what: string, headers: Readonly<Record<string, string>>): Promise<Answer> =>
    send(`${url}/v2/${path}/${what}`, { headers: { ...headers, ...(authorization && { authorization }) }, ...tls, signal });
  return async (what: string, headers: Readonly<Record<string, string>>): Promise<Answer> => {
    let answer = await ask(what, headers);
    if (answer.status === 401 && authorization === undefined) {
      authorization = await authorize(String(answer.headers["www-authenticate"] ?? ""), path, login, tls, signal);
      answer = await ask(what, headers);
    }
    if (answer.status !== 200) throw new SandboxError(`GET /v2/${path}/${what} gave ${answer.status}`);
    return answer;
  };
}

async function authorize(
  challenge: string,
  path: string,
  login: Login | undefined,
  tls: { readonly tls?: { readonly ca: string } },
  signal: AbortSignal,
): Promise<string> {
  const basic = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
  if (/^basic/i.test(challenge) && basic !== undefined) return basic;
  const field = (name: string): string | undefined => new RegExp(`${name}="?([^",]+)"?`).exec(challenge)?.[1];
  const realm = field("realm");
  if (!/^bearer/i.test(challenge) || realm === undefined) throw new SandboxError("the registry wants a login");
  const address = new URL(realm);
  const service = field("service");
  if (service !== undefined) address.searchParams.set("service", service);
  address.searchParams.set("scope", `repository:${path}:pull`);
  const trust = address.protocol === "https:" ? tls : {};
  const answer = await send(address.href, { headers: basic === undefined ? {} : { authorization: basic }, ...trust, signal });
  if (answer.status !== 200) throw new SandboxError(`the token server gave ${answer.status}`);
  const { token, access_token } = JSON.parse(answer.body.toString("utf8")) as { token?: string; access_token?: string };
  return `Bearer ${token ?? access_token ?? ""}`;
}
