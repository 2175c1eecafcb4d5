import type { Definition } from "../../../domain/horizon/definition";
import { imagesOf, withImages } from "../../../domain/horizon/service-definition";
import { formatImageReference, type ImageReference, parseImageReference } from "../../../domain/image-reference";
import type { Path } from "../../../domain/problem";
import { toConfigKey } from "../../../domain/registry-host";
import type { ConfiguredProvider } from "../../configured/provider";
import { type CredentialEntry, resolveCredential } from "../../credential-entry";
import type { Attempt } from "../../data-sources/registry-image/credentials";
import { findImage } from "../../data-sources/registry-image/find-image";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { type ObjectValue, textsOf, type Value } from "../../framework/value";

/** The entries of `registries`, each with its hosts. */
export function entriesOf(registries: Value | undefined): readonly CredentialEntry[] {
  if (!Array.isArray(registries)) return [];
  return registries.flatMap((entry: Value, index) => {
    if (typeof entry !== "object" || entry === null) return [];
    const values = entry as ObjectValue;
    const path: Path = ["registries", index];
    const known = Array.isArray(values.hosts) ? values.hosts.filter((host: Value) => typeof host === "string") : [];
    return [{ entry: values, path, hosts: textsOf(known).map((host, at) => ({ host, path: [...path, "hosts", at] })) }];
  });
}

/** The definition with each image as `host/repository@sha256:…`. One that names a digest already stays. @throws DiagnosticError where one is not found */
export async function pinImages(
  definition: Definition,
  config: ObjectValue,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<Definition> {
  if (config.pin_images === false) return definition;
  const entries = entriesOf(config.registries);
  const pinned = await Promise.all(
    [...imagesOf(definition)].map(async ([container, text]) => {
      const image = parseImageReference(text);
      if (image === undefined) throw new Error("validation lets no such image through");
      const found = image.digest ?? (await digestOf(image, container, entries, { config, provider, signal }));
      const { host, repository } = image;
      return [container, formatImageReference({ host, repository, digest: found })] as const;
    }),
  );
  return withImages(definition, new Map(pinned));
}

async function digestOf(
  image: ImageReference,
  container: string,
  entries: readonly CredentialEntry[],
  {
    config,
    provider,
    signal,
  }: { readonly config: ObjectValue; readonly provider: ConfiguredProvider; readonly signal: AbortSignal },
): Promise<string> {
  const attempt = await attemptFor(image, entries, provider, signal);
  try {
    const ca = config.registry_ca_certificate;
    return (await findImage([attempt], { image, ca, platform: null, provider, signal })).digest;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    throw new DiagnosticError(error.diagnostics.map((diagnostic) => placed(diagnostic, container)));
  }
}

async function attemptFor(
  image: ImageReference,
  entries: readonly CredentialEntry[],
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<Attempt> {
  const entry = entries.find(({ hosts }) => hosts.some(({ host }) => toConfigKey(host) === toConfigKey(image.host)));
  const credential = entry === undefined ? undefined : await resolveCredential(entry, provider, signal);
  if (entry === undefined || credential === undefined) {
    const origin = "registries has no credential for this host, so it was asked anonymously.";
    return { origin, path: ["registries"], isFromSecret: false };
  }
  return { credential, origin: "It is the credential that registries has for this host.", path: entry.path, isFromSecret: false };
}

/** The image stands in the definition. */
function placed(diagnostic: Diagnostic, container: string): Diagnostic {
  if (diagnostic.path?.[0] !== "image") return diagnostic;
  return {
    ...diagnostic,
    path: ["definition"],
    detail: `deployment.services.${container}.image: ${diagnostic.detail} To publish it without asking its registry, set pin_images = false, or name it by digest.`,
  };
}
