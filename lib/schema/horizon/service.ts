import { checkCertificateText } from "../../domain/certificate-text";
import { checkServiceDefinition } from "../../domain/horizon/service-definition";
import { checkRegistryHost } from "../../domain/registry-host";
import type { PartlyKnown, TypeSchema } from "../attribute";
import { credential, problemsOfCredential } from "../credential-entry";
import { isObject } from "../partly-known";
import { timeouts } from "../timeouts";
import { definitionIsValid, keyName, published, publishing, signingKeyIsGivenOnce } from "./publishing";

/** Each registry's credential is whole. */
const credentialsAreWhole = ({ registries }: PartlyKnown) =>
  Array.isArray(registries)
    ? registries.flatMap((entry, index) =>
        isObject(entry) ? problemsOfCredential(entry, ["registries", index], "; or none of them, for a public registry") : [],
      )
    : [];

/** `registry_horizon_service`. */
export const horizonService = {
  name: "registry_horizon_service",
  kind: "resource",
  description:
    "A service of Open Horizon, published from its definition as `hzn exchange service publish` does it: checked, each image pinned to its digest, the deployment signed (RSA-PSS, SHA-256) and the public key stored with it. The private key is in neither state nor plan.\n\n" +
    "Its id is `url_version_arch`: another version is another service, and the old one is deleted with the replacement (`create_before_destroy` keeps it until the new one is there). What edge nodes pull with is `registry_horizon_registry_auth`.\n\n" +
    "A tag is resolved when the service is first published, and when the definition changes; later nothing is asked of the registry. To follow a tag, put `data.registry_image.….pinned_image` into the definition.",
  attributes: {
    id: { type: "string", presence: "computed", identifies: true, description: "`<organization>/<service_id>`." },
    definition: {
      type: "string",
      presence: "required",
      description:
        'The service\'s definition as JSON: `file("horizon/service.definition.json")` as `hzn dev service new` wrote it, or `jsonencode({ … })`. Fields: `label`, `description`, `documentation`, `public`, `url`, `version`, `arch`, `sharable`, `matchHardware`, `requiredServices`, `userInput`, `deployment`, `clusterDeployment`.',
    },
    variables: publishing.variables,
    pin_images: {
      type: "bool",
      presence: "optional_computed",
      default: true,
      description:
        "Whether each image is published as `host/repository@sha256:…`, so that nodes run what was there when it was signed. The registry is asked for it at apply.",
    },
    registries: {
      nesting: "list",
      presence: "optional",
      description: "What the images are looked up with to pin them; registries that are not here are asked anonymously.",
      attributes: {
        hosts: {
          type: { list: "string" },
          presence: "required",
          description: "Registry hosts (`host[:port]`) that share this credential.",
          check: checkRegistryHost,
        },
        ...credential,
      },
    },
    registry_ca_certificate: {
      type: "string",
      presence: "optional",
      description: "The CA (PEM) of those registries, where the system's roots don't know it.",
      check: checkCertificateText,
    },
    signing_key_wo: publishing.signing_key_wo,
    signing_key_env: publishing.signing_key_env,
    signing_key_file: publishing.signing_key_file,
    public_key: publishing.public_key,
    key_name: keyName("service.public.pem"),
    adopt_existing: publishing.adopt_existing,
    service_id: {
      type: "string",
      presence: "computed",
      description:
        "The exchange's id in the organization, by hzn's rule: `url_version_arch`, its scheme left out and some characters as `-`.",
    },
    url: { type: "string", presence: "computed", description: "Of the definition; a pattern's `serviceUrl`." },
    version: { type: "string", presence: "computed", description: "Of the definition." },
    arch: { type: "string", presence: "computed", description: "Of the definition." },
    ...published,
    timeouts: timeouts({ create: "5m", read: "2m", update: "5m", delete: "5m" }),
  },
  rules: [signingKeyIsGivenOnce, credentialsAreWhole, definitionIsValid(checkServiceDefinition)],
  importId: {
    format: "<service_id>",
    example: "hello_1.0.0_amd64",
    description:
      "The exchange's id without the organization (`hzn exchange service list`). `definition` is made of what the exchange holds, `public_key` is the key stored under `service.public.pem`. The plan publishes anew, in place, where the configured definition says something else or the signing key is another one.",
    check: (value, path) => {
      if (/^[^/\s]+_[^/\s]+_[^/\s]+$/.test(String(value))) return undefined;
      return { path, summary: "Invalid import id", detail: `${JSON.stringify(value)} has another form.` };
    },
  },
} as const satisfies TypeSchema;
