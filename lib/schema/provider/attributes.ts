import { BRACKETS, isBareIPv6 } from "../../domain/bare-ipv6";
import { checkEnvironmentName } from "../../domain/environment-name";
import type { Path, Problem } from "../../domain/problem";

/** Says what is wrong with the URL of a service, or nothing. */
export function checkUrl(value: string | number, path: Path): Problem | undefined {
  const text = String(value);
  const fault = (detail: string): Problem => ({ path, summary: "Invalid endpoint", detail: `${JSON.stringify(text)} ${detail}` });
  if (!URL.canParse(text) || !/^https?:\/\//.test(text))
    return fault(
      `is not a URL. Give scheme and host, such as "https://api.example.com".${isBareIPv6(text) ? ` ${BRACKETS}.` : ""}`,
    );
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    return {
      path,
      summary: "Invalid endpoint",
      detail: "The URL holds a user name or a password. Give them in their own attributes.",
    };
  }
  if (url.search !== "" || url.hash !== "") return fault("has a query or a fragment: leave it out.");
  return undefined;
}

/** A secret; the provider's configuration may only get it from the environment or an ephemeral variable. */
export const secretText = (description: string, environment?: readonly string[]) =>
  ({
    type: "string",
    presence: "optional",
    sensitive: true,
    description: `${description} Give it from an ephemeral variable.`,
    ...(environment ? { environment } : {}),
  }) as const;

/** A text that may be left out. */
export const text = (description: string, environment?: readonly string[]) =>
  ({ type: "string", presence: "optional", description, ...(environment ? { environment } : {}) }) as const;

/** The name of an environment variable with a secret of an issuer. */
export const environmentName = (what: string) =>
  ({
    type: "string",
    presence: "optional",
    description: `The environment variable that holds the ${what}: \`REGISTRY_*\`, \`BLUEMIX_*\`, \`IBMCLOUD_*\`, \`IC_*\`, \`CF_*\`, or one listed in \`REGISTRY_ACCESS_PASSWORD_ENV\`.`,
    check: checkEnvironmentName,
  }) as const;
