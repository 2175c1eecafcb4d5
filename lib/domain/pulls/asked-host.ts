/** Where a request went, as Go's HTTP client and containerd say it: `Head "https://host/v2/…"`, `HEAD request to https://host/v2/…`. */
const REQUEST = /(?:\b(?:Head|Get|Post) \\?"|\brequest to )https?:\/\/([^/"\\\s]+)/gi;

/**
 * The host that the node asked last, by the kubelet's words: a mirror, the registry's login server, or the registry itself. Undefined
 * where the words name none.
 */
export function askedHost(words: string): string | undefined {
  const [, host] = [...words.matchAll(REQUEST)].at(-1) ?? [];
  // A login is none of a message's business.
  return host?.slice(host.lastIndexOf("@") + 1);
}
