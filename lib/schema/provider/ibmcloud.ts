import { checkCertificateText } from "../../domain/certificate-text";
import { checkIcrRegion } from "../../domain/icr-namespace";
import type { Path, Problem } from "../../domain/problem";
import { checkRegistryHost } from "../../domain/registry-host";
import type { PartlyKnown } from "../attribute";
import { checkUrl, environmentName, secretText, text } from "./attributes";

/** One of the URLs by region: the region is where it stands. */
function checkEndpointOfRegion(value: string | number, path: Path): Problem | undefined {
  return checkIcrRegion(String(path.at(-1)), path) ?? checkUrl(value, path);
}

/** An issuer of kind `ibmcloud`. */
export const ibmcloud = {
  iam_endpoint: {
    ...text("IAM's URL; `https://private.iam.cloud.ibm.com` on IBM Cloud's private network.", ["IBMCLOUD_IAM_API_ENDPOINT"]),
    whenUnset: "`https://iam.cloud.ibm.com`",
    check: checkUrl,
  },
  registry_endpoint: {
    ...text("The URL of the registry's API, for registry namespaces that name no region.", ["IBMCLOUD_CR_API_ENDPOINT"]),
    whenUnset: "`https://icr.io`",
    check: checkUrl,
  },
  registry_endpoints: {
    type: { map: "string" },
    presence: "optional",
    description:
      "URLs of the registry's API by region (`us-south = \"https://private.us.icr.io\"`), for registry namespaces that name one: on IBM Cloud's private network, or through a proxy.",
    whenUnset: "each region's own host, such as `https://us.icr.io`",
    check: checkEndpointOfRegion,
  },
  hosts: {
    type: { list: "string" },
    presence: "optional",
    description: "The registry hosts that its API keys are good for, such as `us.icr.io` and `private.us.icr.io`.",
    whenUnset: "every host of `icr.io`, public and private; `hosts` of a key then shows the public ones",
    check: checkRegistryHost,
  },
  api_key: secretText("The API key to log in with: of who makes service IDs, policies, keys and registry namespaces.", [
    "IBMCLOUD_API_KEY",
    "IC_API_KEY",
  ]),
  api_key_env: environmentName("API key"),
  account_id: { ...text("The account."), whenUnset: "the API key's own" },
  ca_certificate: {
    ...text("The CA (PEM) of the endpoints, where the system's roots don't know it."),
    check: checkCertificateText,
  },
} as const;

/** At most one API key in the configuration, and some host. The environment may add what it does not say. */
export function problemsOfIbmCloud(
  name: string,
  { api_key: apiKey, api_key_env: variable, hosts }: PartlyKnown,
): readonly Problem[] {
  const at = (attribute: string, summary: string, detail: string): Problem => ({
    path: ["issuers", name, "ibmcloud", attribute],
    summary,
    detail,
  });
  const isSet = (value: unknown) => value !== null && value !== undefined;
  return [
    ...(isSet(apiKey) && isSet(variable)
      ? [at("api_key_env", "Two ways to log in", "Both api_key and api_key_env are set. Set one of them.")]
      : []),
    ...(apiKey === ""
      ? [
          at(
            "api_key",
            "Empty value",
            "api_key is an empty string: a variable that was never set? Give it a value, or leave it out.",
          ),
        ]
      : []),
    ...(Array.isArray(hosts) && hosts.length === 0
      ? [
          at(
            "hosts",
            "No registry host",
            'hosts is an empty list. Give at least one registry host, such as "us.icr.io", or leave it out for all of them.',
          ),
        ]
      : []),
  ];
}
