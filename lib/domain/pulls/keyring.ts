import type { ImageReference } from "../image-reference";

/** How the kubelet looks up a credential (pkg/credentialprovider: BasicDockerKeyring). */

/** The name under which Docker Hub's credentials are found besides, where no key matches. */
const HUB_KEY = "index.docker.io";

/** The keys of docker config JSONs whose credentials the kubelet would try for an image. */
export function keysFor(image: ImageReference, keys: readonly string[]): readonly string[] {
  const matching = keys.filter((key) => {
    const at = locationOf(key);
    return at !== undefined && matches(at, { host: image.host, path: `/${image.repository}` });
  });
  if (matching.length > 0 || image.host !== "docker.io") return matching;
  return keys.filter((key) => {
    const at = locationOf(key);
    return at !== undefined && at.host === HUB_KEY && at.path === "";
  });
}

interface Place {
  readonly host: string;
  readonly path: string;
}

/** A key without scheme, and without Docker's own `/v1/` and `/v2/`; any other path stays. Undefined for what is no address: the kubelet leaves it out. */
function locationOf(key: string): Place | undefined {
  const bare = key.replace(/^https?:\/\//, "");
  const slash = bare.search(/[/?#]/);
  const host = slash < 0 ? bare : bare.slice(0, slash);
  const path = slash < 0 ? "" : bare.slice(slash).replace(/[?#].*$/, "");
  if (!URL.canParse(`https://${host.replaceAll("*", "x")}/`)) return undefined;
  const short = /^\/v[12]\//.test(path) ? path.slice(3) : path;
  return { host: host.replace(/^.*@/, ""), path: short === "/" ? "" : short };
}

/** Equal ports, as many labels, each of which matches (`*` for any characters but dots), and a path that begins with the key's. */
function matches(key: Place, image: Place): boolean {
  const [keyHost, keyPort] = split(key.host);
  const [host, port] = split(image.host);
  const labels = host.split(".");
  const patterns = keyHost.split(".");
  return (
    keyPort === port &&
    patterns.length === labels.length &&
    image.path.startsWith(key.path) &&
    patterns.every((pattern, index) => isLike(pattern, labels[index] ?? ""))
  );
}

function split(host: string): readonly [name: string, port: string] {
  const [, name = host, port = ""] = /^(.*):(\d+)$/.exec(host) ?? [];
  return [name, port];
}

/**
 * One label; letter by letter, but for `*`. (Go's patterns know `?` as well, but in a key it begins a query.) Part after part, each as
 * far in front as it goes: as a regular expression, a key of many `*` would be tried in more ways than anybody can wait for.
 */
function isLike(pattern: string, label: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return first === label;
  if (label.length < first.length + last.length || !label.startsWith(first) || !label.endsWith(last)) return false;
  const middle = label.slice(first.length, label.length - last.length);
  let from = 0;
  return others.every((part) => {
    const at = middle.indexOf(part, from);
    from = at + part.length;
    return at >= 0;
  });
}
