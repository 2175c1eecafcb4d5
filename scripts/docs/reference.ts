import type { TypeSchema } from "../../lib/schema";
import { GETTING_THE_PROVIDER } from "./getting-the-provider";
import { renderIndex, renderPage } from "./page";
import { pageId } from "./type-text";

/** The construct that stands for each type, by page. */
export const CONSTRUCTS: { readonly [page: string]: string } = {
  "resource-registry_horizon_service": "HorizonPublishedService",
  "resource-registry_horizon_registry_auth": "HorizonRegistryAuth",
  "resource-registry_horizon_pattern": "HorizonPattern",
  "provider-registry": "RegistryProvider",
  "resource-registry_token": "RegistryToken",
  "data-source-registry_token": "DataRegistryToken",
  "ephemeral-resource-registry_token": "EphemeralRegistryToken",
  "resource-registry_openshift_project": "OpenShiftProject",
  "resource-registry_openshift_route": "OpenShiftRoute",
  "resource-registry_openshift_token": "OpenShiftToken",
  "resource-registry_ibmcloud_api_key": "IbmCloudApiKey",
  "resource-registry_ibmcloud_namespace": "IbmCloudNamespace",
  "resource-registry_pull_secret": "PullSecret",
  "resource-registry_service_account_patch": "ServiceAccountPatch",
  "resource-registry_pull_check": "PullCheck",
  "data-source-registry_certificate": "DataRegistryCertificate",
  "data-source-registry_image": "DataRegistryImage",
  "data-source-registry_namespaces": "DataRegistryNamespaces",
};

/** Where a construct's props are not the attributes. */
const NOTES: { readonly [page: string]: string } = {
  "provider-registry":
    ", except for two: `cluster` (a `Cluster`, such as `Cluster.fromKubeconfig()`) takes the place of `kubernetes`, and `owner` may be left out (`<package name>/<stack>`)",
};

/** What a page says besides. */
const SECTIONS: { readonly [page: string]: string } = { "provider-registry": GETTING_THE_PROVIDER };

/**
 * All files of docs/reference by name. `readExample` gives a page's example by its id, or undefined where there is none.
 * Throws where a type lacks its example or its construct's name.
 */
export function renderReference(
  types: readonly TypeSchema[],
  readExample: (page: string) => string | undefined,
): Map<string, string> {
  const files = new Map<string, string>();
  for (const type of types) {
    const page = pageId(type);
    const example = readExample(page);
    const construct = CONSTRUCTS[page];
    if (example === undefined) throw new Error(`${page} has no example: write docs/examples/${page}/main.tf.`);
    if (construct === undefined) throw new Error(`${page} has no construct: add it to CONSTRUCTS in scripts/docs/reference.ts.`);
    files.set(`${page}.md`, renderPage(type, { example, construct, note: NOTES[page], section: SECTIONS[page] }));
  }
  return files.set("README.md", renderIndex(types, CONSTRUCTS));
}
