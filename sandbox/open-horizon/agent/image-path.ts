/** An image as the agent takes it apart: `[domain/]path[:tag][@digest]`. */
export interface ImagePath {
  /** With its port; `docker.io` where the image names none. */
  readonly domain: string;
  readonly path: string;
  /** The digest, else the tag, else `latest`. */
  readonly reference: string;
}

/** Takes an image apart; undefined for one that can't be. What stands before the first slash is a domain where it has a dot or a colon. */
export function parseImagePath(image: string): ImagePath | undefined {
  const [, name = "", digest] = /^([^\s@]+)(?:@(\S+))?$/.exec(image) ?? [];
  const tag = /:([^:/ ]+)$/.exec(name)?.[1];
  const untagged = tag === undefined ? name : name.slice(0, -tag.length - 1);
  const [first = "", ...rest] = untagged.split("/");
  const hasDomain = rest.length > 0 && /[.:]/.test(first);
  const path = hasDomain ? rest.join("/") : untagged;
  if (path === "") return undefined;
  const reference = digest ?? tag ?? "latest";
  if (hasDomain) return { domain: first, path, reference };
  return { domain: "docker.io", path: path.includes("/") ? path : `library/${path}`, reference };
}
