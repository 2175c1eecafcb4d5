import { ClientError, type ClientErrorCode } from "../../clients/client-error";
import { sentence } from "../../clients/sentence";
import type { BluemixSettings } from "./settings";

/** Says in a failure which issuer it is of, and what commonly helps. What is no ClientError is our own bug, and stays as it is. */
export function explainFailure(error: unknown, settings: BluemixSettings, registryEndpoint: string): unknown {
  if (!ClientError.is(error)) return error;
  // Logging in has advice of its own.
  const advice = error.message.includes(`${registryEndpoint}/api/v1/`) ? adviceFor(error.code, settings) : undefined;
  const message = advice === undefined ? error.message : `${sentence(error.message)} ${advice}`;
  return new ClientError(error.code, `Issuer ${JSON.stringify(settings.name)}: ${message}`, error.options);
}

function adviceFor(code: ClientErrorCode, settings: BluemixSettings): string | undefined {
  const whose = describe(settings);
  if (code === "forbidden") {
    return `The login may not do this with the registry tokens of ${whose}: have it given the right, or log in as another.`;
  }
  if (code === "not_found")
    return 'Is that the registry of a Bluemix environment? Its address is registry_endpoint, or "https://" and the first of hosts.';
  if (code !== "unauthenticated") return undefined;
  return settings.login.kind === "oauth_token"
    ? `The registry does not accept oauth_token: it is wrong, has expired, or does not belong to ${whose}. Fetch a new one.`
    : `The registry does not accept the login for ${whose}: is that right, and is the registry of the same environment as api_endpoint (${settings.apiEndpoint})?`;
}

function describe({ account }: BluemixSettings): string {
  if (account.kind === "organization") return `organization ${JSON.stringify(account.name)}`;
  return account.kind === "organization_guid"
    ? `organization_guid ${JSON.stringify(account.guid)}`
    : `account_id ${JSON.stringify(account.id)}`;
}
