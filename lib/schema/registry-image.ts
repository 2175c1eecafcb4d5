import { checkCertificateText } from "../domain/certificate-text";
import { checkCredentialId } from "../domain/credential-id";
import { checkImageReference } from "../domain/image-reference";
import { checkNamespaceName, checkObjectName } from "../domain/kubernetes-name";
import { checkPlatform } from "../domain/platform";
import type { Problem } from "../domain/problem";
import type { PartlyKnown, TypeSchema } from "./attribute";

/** One credential, or none. */
function atMostOneCredential(config: PartlyKnown): readonly Problem[] {
  const isSet = (name: string) => config[name] !== null && config[name] !== undefined;
  if (!isSet("credential_id") || !isSet("pull_secret")) return [];
  return [
    {
      path: ["pull_secret"],
      summary: "Two credentials for one image",
      detail:
        "Both credential_id and pull_secret are set. Set the one that the image is pulled with, or none of them for a public image.",
    },
  ];
}

/** `registry_image`. */
export const registryImage = {
  name: "registry_image",
  kind: "data source",
  description:
    "Resolves an image reference to its digest, as a node would: with an issued credential, with a pull secret that is there, or anonymously. So a credential that can't pull is found at plan, and a workload may name the image by digest. Nothing is pulled but manifest and configuration; no layer is.\n\n" +
    "What is wrong is told apart as far as the registry says it: login refused; credential not enough for the repository; repository not there; tag or digest not there. Many registries answer a repository that is not there as they answer one that may not be pulled (Docker Hub does): then the message names both.\n\n" +
    "**When it is read, and when it needs `depends_on`.** Terraform reads a data source at plan, unless something in its configuration is only known after an apply, or it refers to a resource that this apply changes: then it waits by itself. So it does with `credential_id = registry_token.….credential_id`, and with `pull_secret = { name = registry_pull_secret.….name, … }`. It does not where this stack makes the Secret and its name is given as text, or through something else (a `local`, a variable, an output): there set `depends_on = [registry_pull_secret.…]`. It is then read at the apply whenever that Secret changes, else at plan. What pushes the image, where the same stack does, takes `depends_on` as well. While it waits, `digest` is unknown, and what uses it shows as a change. A destroy reads it as well, as Terraform refreshes before it, and does not tell a provider what for: where the image can't be looked up any more, `terraform destroy -refresh=false` leaves that out (`TF_CLI_ARGS_destroy=-refresh=false cdktf destroy`).\n\n" +
    "**Where it is asked.** At the host that the image names, over HTTPS; a host on this machine itself (`localhost`, `127.0.0.1`) is asked over HTTP, as Docker does. Nodes may reach a host elsewhere (`hosts.toml`, mirrors): the environment variable `REGISTRY_ACCESS_ENDPOINTS` (`docker.io=https://mirror.example.com,…`) says so here. The pipeline sets it and never the code, since the credential goes there; plain HTTP to another machine is refused. Each read is one HEAD and one GET of a manifest (two with `platform` of an index); Docker Hub counts a GET as a pull.",
  attributes: {
    image: {
      type: "string",
      presence: "required",
      description:
        "The image reference, read as Docker and the kubelet do: `nginx` is `docker.io/library/nginx:latest`. Of tag and digest the digest counts.",
      check: checkImageReference,
    },
    credential_id: {
      type: "string",
      presence: "optional",
      description:
        "A credential by name, such as `registry_token.example.credential_id`. It is only sent to the hosts of its issuer, so the image has to be on one of them.",
      whenUnset: "`pull_secret`, or an anonymous pull",
      check: checkCredentialId,
    },
    pull_secret: {
      nesting: "single",
      presence: "optional",
      description:
        "A docker-registry Secret (`kubernetes.io/dockerconfigjson`) that is in the cluster. Its entries are matched to the image as the kubelet does it, and tried in that order; where none matches, the pull is anonymous, as a node's would be. Takes the verb `get` on it, which the published roles have for their pull secrets.",
      whenUnset: "`credential_id`, or an anonymous pull",
      attributes: {
        namespace: {
          type: "string",
          presence: "required",
          description: "The namespace that it is in.",
          check: checkNamespaceName,
        },
        name: { type: "string", presence: "required", description: "Its name.", check: checkObjectName },
      },
    },
    platform: {
      type: "string",
      presence: "optional",
      description:
        "The platform whose image is meant, `os/architecture` or `os/architecture/variant`, such as `linux/amd64`. `digest`, `media_type` and `size_bytes` are then that image's; an image that is not there for it is an error.",
      whenUnset: "what the reference names: an index of several platforms stays one, which is right for nodes of several kinds",
      check: checkPlatform,
    },
    ca_certificate: {
      type: "string",
      presence: "optional",
      description: "The CA (PEM) of the registry and its token server, where the system's roots don't know it.",
      check: checkCertificateText,
    },
    digest: {
      type: "string",
      presence: "computed",
      description: "`sha256:…`; the content that the registry sent was checked against it.",
    },
    pinned_image: {
      type: "string",
      presence: "computed",
      description: "`host/repository@sha256:…`: the image reference for a workload, in full and without tag.",
    },
    media_type: { type: "string", presence: "computed", description: "Of the manifest: an OCI index or image, or Docker's." },
    size_bytes: {
      type: "number",
      presence: "computed",
      description:
        "What a node fetches that has nothing of it yet: layers, compressed as they lie in the registry, and configuration. Null for an index, whose images differ: choose one by `platform`.",
    },
    platforms: {
      nesting: "map",
      presence: "computed",
      description:
        "The platforms that the reference offers, such as `linux/arm64/v8` or `windows(10.0.20348.2700)/amd64`. Attestations are left out. Empty for an artifact that is no image.",
      attributes: {
        digest: { type: "string", presence: "computed", description: "The digest of the image for it." },
      },
    },
  },
  rules: [atMostOneCredential],
} as const satisfies TypeSchema;
