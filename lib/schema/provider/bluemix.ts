import { checkCertificateText } from "../../domain/certificate-text";
import type { Problem } from "../../domain/problem";
import { checkRegistryHost } from "../../domain/registry-host";
import type { PartlyKnown } from "../attribute";
import { checkUrl, environmentName, secretText, text } from "./attributes";

/** The settings of an issuer of kind `bluemix`. */
export const bluemix = {
  api_endpoint: {
    type: "string",
    presence: "required",
    description: "The Cloud Foundry API's URL, such as `https://api.<dedicated_domain>` or `https://api.ng.bluemix.net`.",
    check: checkUrl,
  },
  registry_endpoint: {
    ...text("The URL of the registry's token API."),
    whenUnset: "`https://` and the first of `hosts`",
    check: checkUrl,
  },
  hosts: {
    type: { list: "string" },
    presence: "required",
    description: "The registry hosts that its tokens are good for, such as `registry.ng.bluemix.net` and `registry.bluemix.net`.",
    check: checkRegistryHost,
  },
  username: text("The user to log in as, with a password.", ["BLUEMIX_USERNAME"]),
  password: secretText("The user's password.", ["BLUEMIX_PASSWORD"]),
  password_env: environmentName("password"),
  passcode: secretText("A one-time passcode. It works once: not for a pipeline."),
  passcode_env: environmentName("passcode"),
  api_key: secretText("An API key.", ["BLUEMIX_API_KEY"]),
  api_key_env: environmentName("API key"),
  oauth_token: secretText(
    "A UAA or IAM access token that was fetched already (`bx iam oauth-tokens`), with or without the word `bearer`.",
  ),
  oauth_token_env: environmentName("access token"),
  organization: text("The organization by name.", ["BLUEMIX_ORG"]),
  organization_guid: text("The organization by GUID."),
  account_id: text("The account, where the login is an IAM token rather than a UAA one."),
  ca_certificate: {
    ...text("The CA (PEM) of the endpoints, where the system's roots don't know it."),
    check: checkCertificateText,
  },
} as const;

/** The ways to log in; each may come as a value or as an environment variable's name. */
const LOGINS = ["password", "passcode", "api_key", "oauth_token"] as const;

/** At most one login and one account in the configuration, and some host. The environment may add what it does not say. */
export function problemsOfBluemix(name: string, bluemix: PartlyKnown): readonly Problem[] {
  const problems: Problem[] = [];
  const at = (attribute: string, summary: string, detail: string) =>
    problems.push({ path: ["issuers", name, "bluemix", attribute], summary, detail });
  const given = LOGINS.flatMap((login) => [login, `${login}_env`]).filter(
    (attribute) => bluemix[attribute] !== null && bluemix[attribute] !== undefined,
  );
  const [first, second] = given;
  if (first !== undefined && second !== undefined) {
    at(
      second,
      "Two ways to log in",
      `Both ${first} and ${second} are set. Set exactly one of ${LOGINS.join(", ")} (each also as …_env).`,
    );
  }
  const accounts = ["organization", "organization_guid", "account_id"].filter(
    (attribute) => bluemix[attribute] !== null && bluemix[attribute] !== undefined,
  );
  const [, other] = accounts;
  if (other !== undefined)
    at(
      other,
      "Two accounts",
      `${accounts.join(" and ")} are set. Set exactly one of organization, organization_guid and account_id.`,
    );
  if (Array.isArray(bluemix.hosts) && bluemix.hosts.length === 0) {
    at(
      "hosts",
      "No registry host",
      'hosts is an empty list. Give at least one registry host, such as "registry.ng.bluemix.net".',
    );
  }
  for (const attribute of given.filter((attribute) => !attribute.endsWith("_env"))) {
    if (bluemix[attribute] === "")
      at(
        attribute,
        "Empty value",
        `${attribute} is an empty string: a variable that was never set? Give it a value, or leave it out.`,
      );
  }
  return problems;
}
