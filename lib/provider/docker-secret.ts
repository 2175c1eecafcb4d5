import { ClientError, type ClientErrorCode } from "../clients/client-error";
import type { SecretObject } from "../clients/kubernetes/client";
import { secretAt } from "../clients/kubernetes/secrets";
import { DOCKER_CONFIG_TYPE, hostKeysOf } from "../domain/docker-config";
import type { Path } from "../domain/problem";
import type { Secret } from "../domain/secret";
import { toDiagnostic } from "./client-diagnostics";
import type { ConfiguredProvider } from "./configured/provider";
import { type Diagnostic, DiagnosticError } from "./framework/diagnostic";
import { contentOf } from "./resources/pull-secret/model";

/** A docker-registry Secret of the cluster, by name. */
export interface DockerSecretReference {
  readonly namespace: string;
  readonly name: string;
  /** The attribute that names it. */
  readonly path: Path;
}

/** What is read of it. */
export interface DockerSecret {
  readonly content: Secret;
  /** The keys of its hosts. */
  readonly keys: readonly string[];
}

/** The cluster did not give it: that says nothing about the Secret itself. */
export class UnreadableSecret extends DiagnosticError {
  constructor(
    readonly diagnostic: Diagnostic,
    readonly code: ClientErrorCode,
  ) {
    super([diagnostic]);
  }
}

/** It in a message. */
export function describeDockerSecret({ namespace, name }: Pick<DockerSecretReference, "namespace" | "name">): string {
  return `Secret ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)}`;
}

/**
 * Reads a docker-registry Secret. Undefined where it is not there.
 * @throws DiagnosticError where it is of another type or damaged; UnreadableSecret
 */
export async function readDockerSecret(
  reference: DockerSecretReference,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<DockerSecret | undefined> {
  const { namespace, name, path } = reference;
  const client = await provider.cluster.client();
  const which = describeDockerSecret(reference);
  const doing = {
    what: `The ${which} could not be read`,
    path,
    permission: "It takes the verb get on secrets there (docs/permissions.md).",
  };
  const secret = await client.get<SecretObject>(secretAt(namespace, name), signal).catch((error: unknown) => {
    const diagnostic = toDiagnostic(error, doing);
    throw diagnostic !== undefined && ClientError.is(error) ? new UnreadableSecret(diagnostic, error.code) : error;
  });
  if (secret === undefined) return undefined;
  const content = secret.type === DOCKER_CONFIG_TYPE ? contentOf(secret) : undefined;
  const keys = content === undefined ? undefined : hostKeysOf(content);
  if (content !== undefined && keys !== undefined) return { content, keys };
  const isLegacy = secret.type === "kubernetes.io/dockercfg";
  throw DiagnosticError.at(
    path,
    "Not a docker-registry Secret",
    `The ${which} is of type ${JSON.stringify(secret.type ?? "Opaque")}${secret.type === DOCKER_CONFIG_TYPE ? ", but holds no docker config JSON" : ""}. A pull secret is of type ${DOCKER_CONFIG_TYPE} (registry_pull_secret, kubectl create secret docker-registry).${isLegacy ? " Its own is the form of before 2015: make one of today's type of it." : ""}`,
  );
}
