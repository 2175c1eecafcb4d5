import type { RegistryCredential } from "../../../clients/container-registry/login";
import type { ImageReference } from "../../../domain/image-reference";
import type { Path } from "../../../domain/problem";
import { credentialsFor } from "../../../domain/pulls/credentials";
import { processRedactor } from "../../../domain/redaction";
import { describeConfigKey } from "../../../domain/registry-host";
import type { ConfiguredProvider } from "../../configured/provider";
import { describeDockerSecret, readDockerSecret } from "../../docker-secret";
import { DiagnosticError } from "../../framework/diagnostic";
import { type ObjectValue, textOf } from "../../framework/value";
import { listed } from "../../resources/placement/report";
import { checkIssuedCredential, revealCredential } from "../../reveal-credential";

/** One way to pull, and how to speak of it. */
export interface Attempt {
  /** @default - anonymous */
  readonly credential?: RegistryCredential;
  /** Where it comes from, as a sentence. */
  readonly origin: string;
  /** The attribute at fault where it is refused. */
  readonly path: Path;
  /** Whether the Secret that it comes from may be written by the same apply. */
  readonly isFromSecret: boolean;
}

const ANONYMOUS: Attempt = {
  origin:
    "Neither credential_id nor pull_secret is set (of a construct with pinDigest: true, write pinDigest: { credentialId } or { pullSecret } instead).",
  path: ["image"],
  isFromSecret: false,
};

/** The ways to pull that a configuration gives, in the order in which a node would try them; never none. */
export async function attemptsOf(
  config: ObjectValue,
  image: ImageReference,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<readonly Attempt[]> {
  if (typeof config.credential_id === "string") {
    const [id, path, hosts] = [config.credential_id, ["credential_id"], [{ host: image.host, path: ["image"] }]];
    checkIssuedCredential(id, path, hosts, provider);
    const credential = await revealCredential(id, path, hosts, provider, signal);
    processRedactor.remember(credential.password);
    return [{ credential, origin: `It is the credential ${JSON.stringify(id)}.`, path, isFromSecret: false }];
  }
  const secret = (config.pull_secret ?? null) as ObjectValue | null;
  return secret === null ? [ANONYMOUS] : fromSecret(textOf(secret.namespace), textOf(secret.name), image, provider, signal);
}

async function fromSecret(
  namespace: string,
  name: string,
  image: ImageReference,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<readonly Attempt[]> {
  const path = ["pull_secret"];
  const which = describeDockerSecret({ namespace, name });
  const secret = await readDockerSecret({ namespace, name, path }, provider, signal);
  if (secret === undefined) {
    const { server } = await provider.cluster.client();
    throw DiagnosticError.at(
      path,
      "Pull secret does not exist",
      `The cluster at ${server} has no ${which}. If this stack makes the Secret, refer to it (name = registry_pull_secret.….name), or name its resource in depends_on (depends_on = [registry_pull_secret.…]): the image is then looked up at the apply. If not, correct name and namespace.`,
    );
  }
  const { content, keys } = secret;
  const found = credentialsFor(content, image);
  for (const { password } of found) processRedactor.remember(password);
  if (found.length > 0) {
    return found.map(({ key, username, password }) => ({
      credential: { username, password },
      origin: `It stands in the ${which} under ${describeConfigKey(key)}.`,
      path,
      isFromSecret: true,
    }));
  }
  const held = keys.length === 0 ? "nothing" : listed(keys.map(describeConfigKey));
  const origin = `The ${which} has no entry for ${image.host}/${image.repository} (it has ${held}), so it was asked anonymously, as a node does.`;
  return [{ origin, path, isFromSecret: true }];
}
