import { Construct } from "constructs";
import { checkCertificateText } from "../domain/certificate-text";
import { faultOfCertificates, readCertificates } from "../domain/certificates/certificate";
import { renderEdgeNodeScript } from "../domain/edge-node-script";
import { checkRegistryHost } from "../domain/registry-host";
import { Fn, TerraformOutput } from "./cdktf";
import { isUnresolved } from "./partly-known";
import { anything, checkShape, required, type Shape, text } from "./shape";

/** Props of {@link EdgeNodeTrust}. */
export interface EdgeNodeTrustProps {
  /** The registry host, `host[:port]`, as images are named by it: certificates are looked up by exactly that. */
  readonly host: string;
  /**
   * The CA to trust, as PEM: the `caPem` of a `DataRegistryCertificate`, a reference, or a file's text. One or more certificates. Where a
   * reference turns out to be null (`caCertificate` of an `OpenShiftRegistry` whose cluster does not tell its CA), the script installs
   * nothing, and says why.
   */
  readonly caCertificate: string;
  /** The name of a Terraform output with the script: `terraform output -raw NAME | ssh node sudo sh`. @default - no output */
  readonly output?: string | undefined;
}

const SHAPE: Shape<EdgeNodeTrustProps> = {
  host: {
    ...required(text('a registry host, such as "registry.example.com:5000"')),
    accepts: (value) => isUnresolved(value) || hostFault(value) === undefined,
    why: hostFault,
  },
  // Checked apart: what may be a key by mistake stands in no message.
  caCertificate: required({ ...anything, wanted: 'CA certificates as PEM ("-----BEGIN CERTIFICATE-----")' }),
  output: text("the name of an output, of letters, digits and '_'", (value) => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(value)),
};

/**
 * Has Docker on machines outside of the cluster trust a registry's CA: what a script has to put where, and that script. Terraform does not
 * reach those machines; whatever does (ssh, a fleet's agent, an image's build) runs the script. It works for Linux and macOS, is safe to run
 * twice, and is known at apply at the latest: the CA may come from a data source.
 *
 * A CA that changes is a change of the script, and so of the output, in a plan; each machine then has to run it again.
 */
export class EdgeNodeTrust extends Construct {
  /** Where the file goes on Linux, `/etc/docker/certs.d/HOST/ca.crt`. Rootless Docker has it in `~/.config`, which the script sees to. */
  readonly linuxFile: string;
  /** Where it goes on macOS, `~/.docker/certs.d/HOST/ca.crt`. */
  readonly macFile: string;
  /** What goes there: PEM. */
  readonly caCertificate: string;
  /** The install script for POSIX sh: `sh SCRIPT --help` says what it takes. */
  readonly script: string;

  /** @throws where a prop is missing, wrong or unknown */
  constructor(scope: Construct, id: string, props: EdgeNodeTrustProps) {
    super(scope, id);
    checkShape(this.node.path, SHAPE, props);
    const fault = isUnresolved(props.caCertificate) ? undefined : certificateFault(props.caCertificate);
    if (fault !== undefined) throw new Error(`[${this.node.path}] caCertificate: Invalid certificate. ${fault}`);
    const host = isUnresolved(props.host) ? Fn.replace(props.host, NOT_IN_HOST, "") : props.host;
    this.caCertificate = isUnresolved(props.caCertificate)
      ? // Null where a cluster does not tell its CA: the script then says so, and not Terraform in the middle of an apply.
        Fn.try([Fn.join("\n", Fn.concat([Fn.regexall(CERTIFICATE_BLOCK, props.caCertificate), [""]])), ""])
      : readCertificates(props.caCertificate)
          .map(({ pem }) => pem)
          .join("");
    this.linuxFile = `/etc/docker/certs.d/${host}/ca.crt`;
    this.macFile = `~/.docker/certs.d/${host}/ca.crt`;
    this.script = renderEdgeNodeScript({ host, certificates: this.caCertificate });
    if (props.output === undefined) return;
    const output = new TerraformOutput(this, "script", {
      value: this.script,
      description: "Install script for the registry's CA on edge nodes: sh SCRIPT --help",
    });
    output.overrideLogicalId(props.output);
  }
}

/** Of a value that only Terraform will know, what could leave its place in the script is taken out: `/regular expression/` of its `replace`. */
const NOT_IN_HOST = "/[^]a-z0-9.:[-]/";
/** Of a CA, certificates alone are taken: a private key beside them would reach every machine. A regular expression of `regexall`. */
const CERTIFICATE_BLOCK = "-----BEGIN CERTIFICATE-----[[:space:]A-Za-z0-9+/=]*-----END CERTIFICATE-----";

function hostFault(value: unknown): string | undefined {
  return typeof value === "string" ? checkRegistryHost(value, [])?.detail : "It is no text.";
}

function certificateFault(value: unknown): string | undefined {
  if (typeof value !== "string") return `A ${typeof value} was given where CA certificates belong, as PEM.`;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value))
    return "It holds a private key, which would reach every machine. Give the certificates alone.";
  const problem = checkCertificateText(value, []);
  const fault = faultOfCertificates(value);
  return problem?.detail ?? (fault === undefined ? undefined : `It can't be read (${fault}).`);
}
