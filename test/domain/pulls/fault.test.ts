/** Messages as container runtimes and kubelets write them; hosts and names are replaced, the words are theirs. */
import { faultOf, isHopeless, type PullFault } from "../../../lib/domain/pulls/fault";

const IMAGE = "registry.example:5000/team/app:1";
const resolving = (rest: string) => `failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${rest}`;
const head = (rest: string) =>
  resolving(`failed to do request: Head "https://registry.example:5000/v2/team/app/manifests/1": ${rest}`);
const rpc = (rest: string) => `rpc error: code = Unknown desc = ${rest}`;
const crio = (rest: string) => `initializing source docker://${IMAGE}: ${rest}`;
const reading = (rest: string) => crio(`reading manifest 1 in registry.example:5000/team/app: ${rest}`);
const pinging = (rest: string) => crio(`pinging container registry registry.example:5000: ${rest}`);
const docker = (rest: string) => rpc(`Error response from daemon: ${rest}`);

const cases: { readonly [name: string]: { readonly says: string; readonly fault: PullFault; readonly reason?: string } } = {
  "containerd 1.6, basic login: 401": {
    says: rpc(resolving("pulling from host registry.example:5000 failed with status code [manifests 1]: 401 Unauthorized")),
    fault: "refused",
  },
  "containerd 1.6: unexpected status": {
    says: rpc(resolving("unexpected status code [manifests 1]: 403 Forbidden")),
    fault: "refused",
  },
  "containerd, no scope": {
    says: rpc(
      resolving(
        "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      ),
    ),
    fault: "refused",
  },
  "containerd 1.7, no login at all": {
    says: resolving(
      "pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
    ),
    fault: "refused",
  },
  "containerd 1.7, token server: 401": {
    says: rpc(
      resolving(
        "failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://auth.example/token?scope=repository%3Ateam%2Fapp%3Apull: 401 Unauthorized",
      ),
    ),
    fault: "refused",
  },
  "containerd 2.2: 403": {
    says: resolving(
      "unexpected status from HEAD request to https://registry.example:5000/v2/team/app/manifests/1: 403 Forbidden",
    ),
    fault: "refused",
  },
  "CRI-O, wrong password": {
    says: reading("unable to retrieve auth token: invalid username/password: unauthorized: authentication required"),
    fault: "refused",
  },
  "CRI-O, no login": { says: "reading manifest 1 in registry.example:5000/team/app: authentication required", fault: "refused" },
  "CRI-O, several errors": {
    says: rpc(
      "Error reading manifest 1 in registry.example:5000/team/app: errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required",
    ),
    fault: "refused",
  },
  "CRI-O, token server: 403": {
    says: crio("Requesting bearer token: invalid status code from registry 403 (Forbidden)"),
    fault: "refused",
  },
  "Docker, no login": {
    says: docker(
      "pull access denied for team/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ),
    fault: "refused",
  },

  "containerd, wrong tag or repository": {
    says: `rpc error: code = NotFound desc = ${resolving(`${IMAGE}: not found`)}`,
    fault: "not_found",
  },
  "CRI-O, wrong tag": { says: reading("manifest unknown: manifest unknown"), fault: "not_found" },
  "CRI-O, wrong repository": { says: reading("name unknown: repository name not known to registry"), fault: "no_repository" },
  "CRI-O, an answer that is no registry's": {
    says: reading('StatusCode: 404, "<html><head><title>401 Unauthorized"'),
    fault: "not_found",
  },
  "containerd, a layer that is gone": {
    says: rpc(
      `failed to pull and unpack image "${IMAGE}": failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:0123 (application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found`,
    ),
    fault: "not_found",
  },
  "containerd, another platform": {
    says: `rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": no match for platform in manifest: not found`,
    fault: "no_platform",
  },
  "CRI-O, another platform": {
    says: crio("choosing image instance: no image found in image index for architecture arm64, variant v8, OS linux"),
    fault: "no_platform",
  },

  "containerd, nothing listens": { says: head("dial tcp 10.0.0.7:5000: connect: connection refused"), fault: "unreachable" },
  "containerd, closed while asking": { says: head("EOF"), fault: "unreachable" },
  "containerd, no such host": {
    says: head("dial tcp: lookup registry.example on 10.0.0.10:53: no such host"),
    fault: "unresolved",
  },
  "containerd, DNS that fails": {
    says: head("dial tcp: lookup registry.example on 127.0.0.53:53: server misbehaving"),
    fault: "unresolved",
  },
  "containerd 2.2, a DNS server that is not reached": {
    says: `failed to pull and unpack image "${IMAGE}": failed to resolve image: failed to do request: Head "https://registry.example:5000/v2/team/app/manifests/1": dial tcp: lookup registry.example on 10.0.0.53:53: dial udp 10.0.0.53:53: connect: network is unreachable`,
    fault: "unresolved",
  },
  "containerd 2.2, cut off": {
    says: `failed to pull and unpack image "${IMAGE}": failed to resolve image: failed to do request: Head "http://127.0.0.1:9/v2/app/manifests/1?ns=registry.example": read tcp 127.0.0.1:41348->127.0.0.1:9: read: connection reset by peer`,
    fault: "unreachable",
  },
  "containerd 2.2, wrong tag, as its kubelet goes on saying": {
    says: `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": failed to resolve image: ${IMAGE}: not found`,
    fault: "not_found",
  },
  "containerd, no answer": { says: head("dial tcp 10.0.0.7:5000: i/o timeout"), fault: "timed_out" },
  "containerd, no answer of the token server": {
    says: resolving(
      'failed to authorize: failed to fetch anonymous token: Get "https://auth.example/token?service=registry": dial tcp 10.0.0.8:443: i/o timeout',
    ),
    fault: "timed_out",
  },
  "containerd, a slow handshake": { says: head("net/http: TLS handshake timeout"), fault: "timed_out" },
  "CRI-O, no answer": { says: pinging('Get "https://registry.example:5000/v2/": context deadline exceeded'), fault: "timed_out" },
  "containerd, the registry fails": {
    says: resolving(
      "unexpected status from HEAD request to https://registry.example:5000/v2/team/app/manifests/1: 503 Service Unavailable",
    ),
    fault: "server_error",
  },
  "CRI-O, the registry fails": {
    says: pinging("received unexpected HTTP status: 502 Bad Gateway"),
    fault: "server_error",
  },
  "CRI-O says that the registry is unavailable": {
    reason: "RegistryUnavailable",
    says: `image pull failed for ${IMAGE} because the registry is unavailable: pinging container registry`,
    fault: "unreachable",
  },
  "Docker Hub's limit": {
    says: rpc(
      'failed to pull and unpack image "docker.io/library/busybox:latest": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/busybox/manifests/sha256:0123: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
    ),
    fault: "throttled",
  },
  "the kubelet's limit": { says: "pull QPS exceeded", fault: "throttled" },

  "containerd, unknown CA": {
    says: head("tls: failed to verify certificate: x509: certificate signed by unknown authority"),
    fault: "unknown_authority",
  },
  "CRI-O, unknown CA": {
    says: pinging('Get "https://registry.example:5000/v2/": x509: certificate signed by unknown authority'),
    fault: "unknown_authority",
  },
  "another name": {
    says: head("tls: failed to verify certificate: x509: certificate is valid for other.example, not registry.example"),
    fault: "wrong_name",
  },
  "an address without a name": {
    says: head("x509: cannot validate certificate for 10.0.0.7 because it doesn't contain any IP SANs"),
    fault: "wrong_name",
  },
  "an old certificate": {
    says: head(
      "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-01-01T00:00:00Z",
    ),
    fault: "expired",
  },
  "HTTP where HTTPS is spoken": { says: head("http: server gave HTTP response to HTTPS client"), fault: "plain_http" },
  "a client certificate is asked for": { says: head("remote error: tls: certificate required"), fault: "tls" },

  "a secret that can't be decoded": {
    reason: "unable to parse auth field, must be formatted as base64(username:password)",
    says: "unable to parse auth field, must be formatted as base64(username:password)",
    fault: "undecodable_secret",
  },
  "a secret that is not base64": { reason: "illegal base64 data at input byte 4", says: "", fault: "undecodable_secret" },
  "a full disk": {
    says: rpc(
      `failed to pull and unpack image "${IMAGE}": failed to extract layer sha256:0123: write /var/lib/x: no space left on device`,
    ),
    fault: "no_space",
  },
  "an old image": {
    says: resolving(
      'not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.0, please rebuild the image',
    ),
    fault: "old_format",
  },
  "a name that is none": {
    reason: "InvalidImageName",
    says: 'Failed to apply default image tag "Registry/App:not found": couldn\'t parse image name',
    fault: "invalid_name",
  },
  "never pulled": {
    reason: "ErrImageNeverPull",
    says: `Container image "${IMAGE}" is not present with pull policy of Never`,
    fault: "never_pulled",
  },
  "a signature": {
    reason: "SignatureValidationFailed",
    says: `image pull failed for ${IMAGE} because the signature validation failed: Source image rejected: A signature was required, but no signature exists`,
    fault: "bad_signature",
  },
  "nothing that is known": { says: "something else", fault: "unknown" },
};
test.each(Object.entries(cases))("%s", (_, { says, reason = "ErrImagePull", fault }) => {
  expect(faultOf({ reason, message: says, image: IMAGE })).toBe(fault);
});

test.each(["unauthorized.example/denied/not-found:404", "401/unauthorized:tls", "timeout.example/x509:503"])(
  "names in %s are no words of the kubelet",
  (image) => {
    const message = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: something else happened to ${image}`;
    expect(faultOf({ reason: "ErrImagePull", message, image })).toBe("unknown");
    const refused = `failed to resolve reference "${image}": pulling from host ${image.split("/")[0]} failed with status code [manifests ${image.split(":")[1]}]: 401 Unauthorized`;
    expect(faultOf({ reason: "ErrImagePull", message: refused, image })).toBe("refused");
  },
);

test("waiting helps with everything but a name that is none", () => {
  expect(["InvalidImageName", "ErrImagePull", "ErrImageNeverPull", undefined].map(isHopeless)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
