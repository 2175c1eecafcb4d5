import { formatImageReference, parseImageReference } from "../image-reference";
import { excerptOf } from "./excerpt";

/** What went wrong with a pull. */
export type PullFault =
  /** 401, 403, or a login that was not accepted. */
  | "refused"
  /** No such tag, digest or repository: most registries, and all that containerd says of them, leave open which. */
  | "not_found"
  /** No such repository, in the registry's own words. */
  | "no_repository"
  /** The image is there, but not for the node's platform. */
  | "no_platform"
  /** The registry's name is not known where the node asks. */
  | "unresolved"
  /** No connection. */
  | "unreachable"
  /** No answer in time. */
  | "timed_out"
  /** The registry answered 5xx. */
  | "server_error"
  /** 429, or the kubelet's own limit. */
  | "throttled"
  /** The certificate is by an authority that the node does not know. */
  | "unknown_authority"
  /** The certificate is for another name. */
  | "wrong_name"
  /** The certificate is not valid yet, or no longer. */
  | "expired"
  /** The registry answers HTTP where the node speaks HTTPS. */
  | "plain_http"
  /** Some other failure of TLS. */
  | "tls"
  /** The image reference is none. */
  | "invalid_name"
  /** `imagePullPolicy: Never`, and the image is not on the node. */
  | "never_pulled"
  | "bad_signature"
  /** A pull secret that the kubelet can't decode. */
  | "undecodable_secret"
  | "no_space"
  /** A form of images that the runtime no longer reads. */
  | "old_format"
  | "unknown";

/** What some reasons mean whatever the message says. */
const BY_REASON: ReadonlyMap<string, PullFault> = new Map([
  ["InvalidImageName", "invalid_name"],
  ["ErrImageNeverPull", "never_pulled"],
  ["SignatureValidationFailed", "bad_signature"],
]);

/**
 * What messages of containerd 1.6 to 2.x, CRI-O and Docker say, the more telling first: a message about TLS also names a request, and
 * one about a platform also says "not found". The words come from these programs' sources and from reports of their users.
 */
const BY_MESSAGE: readonly (readonly [RegExp, PullFault])[] = [
  [/unable to parse auth field|illegal base64 data|invalid character .* looking for|cannot unmarshal/i, "undecodable_secret"],
  [/no space left on device/i, "no_space"],
  [/no longer supported since containerd|unsupported (manifest )?(media ?type|schema)|manifest schema ?v?1/i, "old_format"],
  [/gave HTTP response to HTTPS client/i, "plain_http"],
  [/unknown authority|self[- ]signed certificate|unable to get local issuer/i, "unknown_authority"],
  [
    /certificate is (not )?valid for|not valid for any names|cannot validate certificate for|legacy Common Name|IP SANs/i,
    "wrong_name",
  ],
  [/has expired or is not yet valid/i, "expired"],
  [/handshake timeout/i, "timed_out"],
  [/x509:|tls:|TLS handshake/i, "tls"],
  [/\b429\b|too ?many ?requests|rate limit|QPS exceeded/i, "throttled"],
  [/no match(ing)? .*(platform|manifest for)|no image found in .* for architecture/i, "no_platform"],
  [
    /\b40[13]\b|unauthorized|unauthenticated|authentication required|authorization failed|access denied|denied:|is denied|insufficient_scope|no basic auth|invalid username|incorrect username/i,
    "refused",
  ],
  [/no such host|server misbehaving|failure in name resolution|asking for an address/i, "unresolved"],
  [/i\/o timeout|deadline exceeded|Client\.Timeout|timed out|context canceled/i, "timed_out"],
  [
    /connection refused|no route to host|network is unreachable|host is down|connection reset|broken pipe|\bEOF\b|proxyconnect/i,
    "unreachable",
  ],
  [/\b5\d\d (Internal|Bad|Service|Gateway)|(status|StatusCode|registry):? 5\d\d\b|\(5\d\d\)/i, "server_error"],
  [/name[ _]unknown|repository name not known/i, "no_repository"],
  [/not found|\b404\b|manifest[ _]unknown|does not exist|no such manifest/i, "not_found"],
];

/** Tells what went wrong from the kubelet's reason and message. */
export function faultOf({
  reason = "",
  message = "",
  image,
}: {
  readonly reason?: string;
  readonly message?: string;
  readonly image: string;
}): PullFault {
  const byReason = BY_REASON.get(reason);
  if (byReason !== undefined) return byReason;
  // A reason without a word of its own is the error itself.
  const text = withoutNames(excerptOf(`${reason}: ${message}`), image);
  const found = BY_MESSAGE.find(([pattern]) => pattern.test(text))?.[1];
  return found ?? (reason === "RegistryUnavailable" ? "unreachable" : "unknown");
}

/** A message without what somebody chose: an image may be called `unauthorized`, its tag `404`, and its registry `denied.example`. */
function withoutNames(message: string, image: string): string {
  const reference = parseImageReference(image);
  const bare = message
    .replace(/"(?:[^"\\]|\\.)*"/g, " ")
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+?(?=:?\s|$)/gi, " ")
    .replace(/\[(manifests|blobs) [^\]]*\]/g, " ")
    .replace(/\bfrom host \S+/g, " ")
    .replace(/\breading manifest \S+ in \S+?(?=:?\s|$)/gi, " ")
    .replace(/\bpull access denied for \S+?(?=,?\s|$)/gi, "pull access denied")
    // Whatever ends this, such as a DNS server that nobody reaches, the registry itself was not asked.
    .replace(/\blookup \S+( on \S+?)?(?=:?\s|$)/g, "asking for an address")
    .replace(/(?:\b\d+\.\d+\.\d+\.\d+|\[[\da-f:]+\]):\d+/gi, " ");
  const names =
    reference === undefined
      ? [image]
      : [
          formatImageReference(reference),
          image,
          `${reference.host}/${reference.repository}`,
          reference.repository,
          reference.host,
        ];
  // What may be a word by itself, such as the repository `e`, stands in messages only where it was looked for above.
  return names.filter((name) => /[/:.]/.test(name)).reduce((text, name) => text.replaceAll(name, " "), bare);
}

/** True where waiting can't help: the Pod would have to be another one. */
export function isHopeless(reason: string | undefined): boolean {
  return reason === "InvalidImageName";
}
