import { checkCertificateText } from "../domain/certificate-text";
import { checkServerName } from "../domain/certificates/server-name";
import { checkSha256 } from "../domain/certificates/sha256";
import type { Path, Problem } from "../domain/problem";
import { checkRegistryHost } from "../domain/registry-host";
import type { PartlyKnown, TypeSchema } from "./attribute";
import { timeouts } from "./timeouts";

/** What is warned of where nothing is set: public CAs renew 30 days before the end, so two weeks mean that nobody did. */
export const WARN_BEFORE_DAYS = 14;

/** One way to verify, or the system's. */
function oneWayToVerify(config: PartlyKnown): readonly Problem[] {
  const isSet = (name: string) =>
    config[name] !== null && config[name] !== undefined && config[name] !== false && config[name] !== "";
  const [first, second] = ["ca_certificate", "pinned_sha256", "trust_on_first_use"].filter(isSet);
  if (first === undefined || second === undefined) return [];
  return [
    {
      path: [second],
      summary: "Two ways to verify",
      detail: `${first} and ${second} are set. Set the one by which the certificate is to be verified, or none of them: then the system's roots decide.`,
    },
  ];
}

function checkDays(value: string | number, path: Path): Problem | undefined {
  const days = Number(value);
  if (Number.isInteger(days) && days >= 0 && days <= 3650) return undefined;
  return {
    path,
    summary: "Invalid number of days",
    detail: `${days} is not a whole number from 0 to 3650. 0 warns of nothing.`,
  };
}

const chainEntry = {
  pem: { type: "string", presence: "computed", description: "As PEM." },
  sha256: { type: "string", presence: "computed", description: "Its SHA-256, 64 small hex digits." },
  subject: { type: "string", presence: "computed", description: "Whom it is for, such as `CN=registry.example.com, O=Acme`." },
  issuer: { type: "string", presence: "computed", description: "Who signed it." },
  not_before: { type: "string", presence: "computed", description: "From when it holds, RFC 3339." },
  expires_at: { type: "string", presence: "computed", description: "Until when it holds, RFC 3339." },
  is_ca: { type: "bool", presence: "computed", description: "Whether it says of itself that it may sign others." },
} as const;

/** `registry_certificate`. */
export const registryCertificate = {
  name: "registry_certificate",
  kind: "data source",
  description:
    "The certificates that a registry host presents by TLS, verified, and the CA to trust on machines that don't know it yet, such as edge nodes (`/etc/docker/certs.d/HOST/ca.crt`; the construct `EdgeNodeTrust` makes the install script). Only the handshake is made: no request, no login.\n\n**Verified, or an error.** By the system's roots (as Terraform reads them: the system's store, `SSL_CERT_FILE`, `SSL_CERT_DIR`); or by `ca_certificate` alone; or by `pinned_sha256`. Whatever verifies it, the certificate has to hold today and to be for the name (`subjectAltName`, as Docker reads it); both are errors of their own. The error of a chain that is not verified shows what was presented: subject, issuer, SHA-256, dates. **Nothing is trusted because it was presented**, unless `trust_on_first_use = true` says so.\n\n**`trust_on_first_use` remembers nothing.** A data source has no memory: with it, *each* read trusts what it finds, so it really is trust on every use, and whoever can answer for the host at that moment is trusted, on all machines that get `ca_pem`. Each read warns, with the SHA-256. A chain that is another one at a later read is no error: it shows as a change of `ca_pem` and of all that uses it, in a plan that somebody has to review. So use it once, compare the SHA-256 with who runs the registry, and then set `pinned_sha256` in its place: from then on another chain is an error.\n\n**Which one is \"the CA\"** (`ca_pem`): the certificate at which the verification ended, and never one above it, so that no more is trusted than was verified. By the system's roots or `ca_certificate`: that root (or that intermediate, where `ca_certificate` is one), also where the server does not send it. By `pinned_sha256`: the pinned certificate, whether root, intermediate or the server's own. By `trust_on_first_use`: the topmost that was sent and that the server's own leads to by signatures: the root where it is sent, as OpenShift's router does, else the topmost intermediate, else the server's own certificate. Docker, containerd, Podman and CRI-O (all in Go) trust any of them in `ca.crt`; programs with OpenSSL may want a root. `ca_is_server_certificate` says that it is the server's own: then each renewal has to reach every machine.\n\n**A server that sends only its own certificate** is verified only where its issuer is known here: OpenSSL, like Go, fetches none. Let the server send its intermediates, or give the issuer's certificate as `ca_certificate` (an intermediate will do).\n\n**When it is read.** At each plan, unless something in its configuration is only known after an apply, or `depends_on` names what changes in it; where the same stack makes the host's certificate, that is needed. A renewed certificate shows as a change of outputs and of what uses it. A destroy reads it as well; where the host is gone, or its certificate no longer holds, `terraform destroy -refresh=false` leaves that out.\n\n**Where it is asked.** At `host`, through the proxy that the environment names (`HTTPS_PROXY`, `NO_PROXY`). Where `REGISTRY_ACCESS_ENDPOINTS` gives an address for the host, there; the name that is asked for and checked stays the host's.",
  attributes: {
    host: {
      type: "string",
      presence: "required",
      description: "The registry host, `host` or `host:port`, as images are named by it. Without a port, 443.",
      check: checkRegistryHost,
    },
    server_name: {
      type: "string",
      presence: "optional",
      description:
        "The DNS name that the server is asked for (SNI), and that the certificate has to be for. For a host that is asked by another name or address than clients use.",
      whenUnset: "the name in `host`; an address is checked as one, and asked for without SNI",
      check: checkServerName,
    },
    ca_certificate: {
      type: "string",
      presence: "optional",
      description:
        "The CA (PEM, one or more) that verifies it; then nothing else is trusted. A root, an intermediate, or the server's own certificate.",
      whenUnset: "the system's roots",
      check: checkCertificateText,
    },
    pinned_sha256: {
      type: "string",
      presence: "optional",
      description:
        "The SHA-256 of one certificate of the chain: the server's own, an intermediate or the root. In hex, also as openssl prints it. It has to be sent by the server (or, a root, to be in the system's store), and the server's certificate has to lead to it.",
      whenUnset: "the system's roots",
      check: checkSha256,
    },
    trust_on_first_use: {
      type: "bool",
      presence: "optional",
      description:
        "Trusts what is presented where the system's roots don't verify it, at each read, with a warning. Expired, not valid yet and another name stay errors.",
      whenUnset: "a chain that is not verified is an error",
    },
    warn_before_days: {
      type: "number",
      presence: "optional",
      description:
        "Warns where a certificate of the verified chain, or the CA, expires within so many days. `0` warns of nothing.",
      whenUnset: `\`${WARN_BEFORE_DAYS}\``,
      check: checkDays,
    },
    ca_pem: {
      type: "string",
      presence: "computed",
      description: "The CA to trust, PEM, one certificate: what belongs into `ca.crt`. Which one it is: above.",
    },
    ca_sha256: {
      type: "string",
      presence: "computed",
      description: "Its SHA-256, 64 small hex digits: the value for `pinned_sha256`.",
    },
    ca_subject: { type: "string", presence: "computed", description: "Whom it is for." },
    ca_expires_at: { type: "string", presence: "computed", description: "Until when it holds, RFC 3339." },
    ca_is_server_certificate: {
      type: "bool",
      presence: "computed",
      description:
        "Whether it is the server's own certificate (self-signed, pinned, or sent alone): then it changes with each renewal.",
    },
    certificate_pem: { type: "string", presence: "computed", description: "The server's own certificate, PEM." },
    certificate_sha256: { type: "string", presence: "computed", description: "Its SHA-256." },
    certificate_subject: { type: "string", presence: "computed", description: "Whom it is for." },
    certificate_issuer: { type: "string", presence: "computed", description: "Who signed it." },
    certificate_names: {
      type: { list: "string" },
      presence: "computed",
      description: "The names and addresses that it is for (`subjectAltName`).",
    },
    certificate_expires_at: { type: "string", presence: "computed", description: "Until when it holds, RFC 3339." },
    verified_by: {
      type: "string",
      presence: "computed",
      description:
        "`system`, `ca_certificate`, `pinned_sha256` or `trust_on_first_use`; the last means that nothing verified it.",
    },
    chain: {
      nesting: "list",
      presence: "computed",
      description: "All that was presented, in the order in which it was sent, the server's own first.",
      attributes: chainEntry,
    },
    timeouts: timeouts({ read: "1m" }),
  },
  rules: [oneWayToVerify],
} as const satisfies TypeSchema;
