import type { RegistryCredential } from "../../../clients/container-registry/login";
import type { SecretObject } from "../../../clients/kubernetes/client";
import { secretAt } from "../../../clients/kubernetes/secrets";
import { DOCKER_CONFIG_TYPE, hostKeysOf } from "../../../domain/docker-config";
import type { ImageReference } from "../../../domain/image-reference";
import type { Path } from "../../../domain/problem";
import { credentialsFor } from "../../../domain/pulls/credentials";
import { processRedactor } from "../../../domain/redaction";
import { describeConfigKey } from "../../../domain/registry-host";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { DiagnosticError } from "../../framework/diagnostic";
import { type ObjectValue, textOf } from "../../framework/value";
import { checkIssuedCredential, revealCredential } from "../../issued-credential";
import { listed } from "../../resources/placement/report";
import { contentOf } from "../../resources/pull-secret/model";

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
  const client = await provider.cluster.client();
  const which = `Secret ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)}`;
  const doing = {
    what: `The ${which} could not be read`,
    path,
    permission: `It takes the verb get on secrets there (docs/permissions.md: both roles have it for their pull secrets).`,
  };
  const secret = await during(doing, () => client.get<SecretObject>(secretAt(namespace, name), signal));
  if (secret === undefined) {
    throw DiagnosticError.at(
      path,
      "Pull secret does not exist",
      `The cluster at ${client.server} has no ${which}. If this stack makes the Secret, refer to it (name = registry_pull_secret.….name), or name its resource in depends_on (depends_on = [registry_pull_secret.…]): the image is then looked up at the apply. If not, correct name and namespace.`,
    );
  }
  const content = secret.type === DOCKER_CONFIG_TYPE ? contentOf(secret) : undefined;
  const keys = content === undefined ? undefined : hostKeysOf(content);
  if (content === undefined || keys === undefined) {
    throw DiagnosticError.at(
      path,
      "Not a docker-registry Secret",
      `The ${which} is of type ${JSON.stringify(secret.type ?? "Opaque")}${secret.type === DOCKER_CONFIG_TYPE ? ", but holds no docker config JSON" : ""}. A pull secret is of type ${DOCKER_CONFIG_TYPE} (registry_pull_secret, kubectl create secret docker-registry).`,
    );
  }
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
