import { Construct } from "constructs";
import { TerraformStack } from "./cdktf";
import type { HorizonDefinition } from "./horizon-definition";
import { type ImageHosts, imageHostsOf, usedHostsOf } from "./horizon-images";
import { HorizonPublishedService } from "./horizon-published-service";
import { HorizonRegistryAuth } from "./horizon-registry-auth";
import type { Registry, RegistryEntry } from "./registry";
import { RegistryProvider } from "./registry-provider";
import type { Secret } from "./secret";
import { anything, checkShape, isProps, list, required, type Shape } from "./shape";
import { sharedIn } from "./shared";

/** Props of {@link HorizonService}. */
export interface HorizonServiceProps {
  /** The content of hzn's service.definition.json, or the same as an object. */
  readonly definition: HorizonDefinition;
  /** The values of `$NAME` in it, as hzn has them in horizon/hzn.json. @default - none but `HZN_ORG_ID` */
  readonly variables?: { readonly [name: string]: string } | undefined;
  /** The registries of its images: what the images are looked up with, and what edge nodes pull with. @default - public ones */
  readonly registries?: readonly Registry[] | undefined;
  /** The private key that signs, or the file that it is in. */
  readonly signingKey: Secret | { readonly file: string };
  /** What nodes verify with: a PEM public key, or a self-signed certificate. @default - the signing key's own public key */
  readonly publicKey?: string | undefined;
  /** The name under which it is uploaded. @default "service.public.pem" */
  readonly keyName?: string | undefined;
  /** Whether images are published by digest. @default true */
  readonly pinImages?: boolean | undefined;
  /** The CA (PEM) of the registries, where the system's roots don't know it. @default - the system's roots alone */
  readonly registryCaCertificate?: string | undefined;
  /** Takes over what is published under this id already, and its credentials. @default - that is an error */
  readonly adoptExisting?: boolean | undefined;
  /** Whose configuration names the exchange. @default - one for the stack, with the exchange of the HZN_* environment variables */
  readonly provider?: RegistryProvider | undefined;
}

const SHAPE: Shape<HorizonServiceProps> = {
  definition: required({
    wanted: "the content of a service.definition.json, or an object",
    accepts: (definition) => typeof definition === "string" || isProps(definition),
  }),
  variables: anything,
  registries: list("a list of registries", (registry) => isProps(registry) && typeof registry.entryFor === "function"),
  // It may be the key itself.
  signingKey: required(anything),
  publicKey: anything,
  keyName: anything,
  pinImages: anything,
  registryCaCertificate: anything,
  adoptExisting: anything,
  provider: { wanted: "a RegistryProvider", accepts: (provider) => provider instanceof RegistryProvider },
};

/**
 * An edge service of Open Horizon with the registries of its images: published and signed, its images pinned, and a credential for each
 * registry stored with it, so that edge nodes can pull. Rotating a registry's credential reaches the nodes by one deploy.
 */
export class HorizonService extends Construct {
  readonly service: HorizonPublishedService;
  /** One for each registry host that the images name; where only Terraform knows what they name, one for each host. */
  readonly registryAuths: readonly HorizonRegistryAuth[];

  constructor(scope: Construct, id: string, props: HorizonServiceProps) {
    super(scope, id);
    checkShape(this.node.path, SHAPE, props);
    const { registries = [], signingKey, provider = providerOf(this), adoptExisting, ...settings } = props;
    const entries = registries.flatMap((registry) => {
      const entry = registry.entryFor(provider);
      return entry === undefined ? [] : [{ entry: credentialOf(this, entry), hosts: registry.hosts }];
    });
    this.service = new HorizonPublishedService(this, "service", {
      ...settings,
      ...("file" in signingKey ? { signingKeyFile: signingKey.file } : { signingKeyWo: signingKey }),
      provider,
      adoptExisting,
      registries: entries.length === 0 ? undefined : entries.map(({ entry }) => entry),
    });
    const named = imageHostsOf(props.definition, props.variables);
    const unused = entries.flatMap(({ hosts }) =>
      usedHostsOf(this, hosts, named).length === 0 ? [unusedRegistry(hosts, named)] : [],
    );
    this.node.addValidation({ validate: () => unused });
    this.registryAuths = entries.flatMap(({ entry, hosts }, index) => {
      const { hosts: _, ...credential } = entry;
      return usedHostsOf(this, hosts, named).map((host, position) => {
        const id = position === 0 ? `registry-auth-${index}` : `registry-auth-${index}-${position}`;
        return new HorizonRegistryAuth(this, id, {
          ...credential,
          provider,
          adoptExisting,
          service: this.service.serviceId,
          registry: host,
          lifecycle: { createBeforeDestroy: true },
        });
      });
    });
  }
}

/** Edge nodes compare hosts exactly, with the port: its credential would never be used. */
function unusedRegistry(hosts: readonly string[], { hosts: named }: ImageHosts): string {
  const images = named.length === 0 ? "There are no images" : `The images are from ${named.join(", ")}`;
  return `registries: No image from ${hosts.join(", ")}. ${images}, and edge nodes take a registry's credential for images of exactly its host, port included. Correct the host or the image, or leave the registry out.`;
}

/**
 * A registry's credential. Edge nodes have no use for the e-mail address.
 *
 * @throws where it lies in a cluster's Secret alone
 */
function credentialOf(scope: Construct, { email: _, copyFrom, hosts, ...credential }: RegistryEntry) {
  if (copyFrom === undefined && hosts !== undefined) return { ...credential, hosts };
  throw new Error(
    `[${scope.node.path}] registries: No credential for edge nodes. A PullSecretCopy copies what a cluster's Secret holds, and only into that cluster. Give the registry itself, such as IbmCloudRegistry or PrivateRegistry.`,
  );
}

/** The stack's provider, or one that takes all from the environment. */
function providerOf(scope: Construct): RegistryProvider {
  const existing = TerraformStack.of(scope)
    .node.findAll()
    .find((node) => node instanceof RegistryProvider);
  if (existing instanceof RegistryProvider) return existing;
  return sharedIn(scope, "a registry provider for Open Horizon", {}, (stack) => new RegistryProvider(stack, "registry-provider"));
}
