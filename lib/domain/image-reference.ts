import type { Path, Problem } from "./problem";

/** An image reference in full: nothing in it is left to a default, but for the tag (`latest` where there is no digest either). */
export interface ImageReference {
  /** The registry host, `host[:port]`; Docker Hub is `docker.io`. */
  readonly host: string;
  /** The path without host: `library/nginx`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…`. */
  readonly digest?: string;
}

/** Docker Hub, which is meant where no host is named, and the name it had before. */
const HUB = "docker.io";
const FORMER_HUB = "index.docker.io";
/** Where Docker Hub keeps images without a user: `nginx` is `library/nginx`. */
const LIBRARY = "library/";

/** The most characters of a repository (distribution/reference: RepositoryNameTotalLengthMax; without the host since its pull request 9). */
const LONGEST_REPOSITORY = 255;

// The grammar of distribution/reference, which docker, containerd and the kubelet read with.
const DOMAIN_LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const HOST = new RegExp(`^(?:${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const REPOSITORY_PART = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
const REPOSITORY = new RegExp(`^${REPOSITORY_PART}(?:/${REPOSITORY_PART})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
]);
/** What would be read as an image's id. */
const IMAGE_ID = /^[a-f0-9]{64}$/;

/** Reads an image reference as docker and the kubelet do: `nginx` is `docker.io/library/nginx`. Undefined where it is none. */
export function parseImageReference(text: string): ImageReference | undefined {
  const { host, repository, tag, digest } = split(text);
  if (faultOf(text) !== undefined) return undefined;
  return { host, repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** The reference with everything written out: `docker.io/library/nginx:1.27`. */
export function formatImageReference({ host, repository, tag, digest }: ImageReference): string {
  return `${host}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** Says what is wrong with an image reference, or nothing. */
export function checkImageReference(value: string | number, path: Path): Problem | undefined {
  const text = String(value);
  const fault = faultOf(text);
  if (fault === undefined) return undefined;
  return {
    path,
    summary: "Invalid image reference",
    detail: `${shown(text)} ${fault} An image reference is "[host[:port]/]repository[:tag][@digest]", such as "nginx" or "registry.example.com:5000/acme/app:1.2".`,
  };
}

/** What is wrong, as the end of a sentence that begins with the reference. */
function faultOf(text: string): string | undefined {
  if (text === "") return "is empty.";
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  if (scheme !== undefined) return `starts with a scheme: leave ${JSON.stringify(scheme)} out.`;
  if (/\s/.test(text)) return "holds a blank.";
  const { host, repository, tag, digest } = split(text);
  if (digest !== undefined && !isDigest(digest))
    return `has no digest behind its "@": that is "sha256:" and 64 of the digits 0-9 and a-f.`;
  if (tag !== undefined && !TAG.test(tag))
    return `has no tag behind its ":": that is up to 128 letters, digits, "_", "." and "-", and starts with neither "." nor "-".`;
  if (!HOST.test(host)) return `has the host ${shown(host)}, which is not a host name.`;
  const port = /:([0-9]+)$/.exec(host)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535))
    return `has port ${shown(port)}, which is not between 1 and 65535.`;
  const written = text.includes(LIBRARY) ? repository : repository.replace(LIBRARY, "");
  if (written !== written.toLowerCase()) return `has capital letters in its repository: write ${shown(written.toLowerCase())}.`;
  if (!REPOSITORY.test(repository))
    return `has the repository ${shown(written)}: that is lower case letters and digits, with "/", ".", "_", "__" or "-" between them.`;
  if (repository.length > LONGEST_REPOSITORY)
    return `has a repository of ${repository.length} characters, and ${LONGEST_REPOSITORY} is the most.`;
  if (IMAGE_ID.test(text)) return "would be read as an image's id.";
  return undefined;
}

/** The parts, right or wrong; a host is told by its dot, colon or capital letter, as distribution/reference does. */
function split(text: string): ImageReference {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const slash = name.indexOf("/");
  const first = slash < 0 ? undefined : name.slice(0, slash);
  const isHost = first !== undefined && (first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase());
  const host = !isHost || first === FORMER_HUB ? HUB : first;
  const path = isHost ? name.slice(slash + 1) : name;
  const repository = host === HUB && !path.includes("/") ? `${LIBRARY}${path}` : path;
  return { host, repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function isDigest(text: string): boolean {
  const [algorithm = "", hex = "", ...rest] = text.split(":");
  return rest.length === 0 && hex.length === HEX_DIGITS.get(algorithm) && /^[a-f0-9]+$/.test(hex);
}

/** A value for a message: what is very long is cut. */
function shown(text: string): string {
  return text.length <= 300 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 80))}… (${text.length} characters)`;
}
