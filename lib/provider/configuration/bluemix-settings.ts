import { ISSUER_PREFIXES } from "../../domain/environment-name";
import type { Path } from "../../domain/problem";
import { processRedactor } from "../../domain/redaction";
import { Secret } from "../../domain/secret";
import type { BluemixAccount, BluemixLogin, BluemixSettings } from "../../issuers";
import { provider } from "../../schema/provider";
import { DiagnosticError } from "../framework/diagnostic";
import { type ObjectValue, textOf, textsOf } from "../framework/value";
import { type Environment, fillFromEnvironment } from "./environment";
import { readSecretFromEnvironment } from "./environment-secret";

const SCHEMA = provider.attributes.issuers.attributes.bluemix.attributes;
const LOGINS = ["password", "passcode", "api_key", "oauth_token"] as const;
const ACCOUNTS = ["organization", "organization_guid", "account_id"] as const;
type Login = (typeof LOGINS)[number];

/** The settings of one `bluemix` issuer, wholly known, with environment variables filled in. @throws DiagnosticError unless there is exactly one login and one account */
export function toBluemixSettings(name: string, bluemix: ObjectValue, environment: Environment): BluemixSettings {
  const path: Path = ["issuers", name, "bluemix"];
  const filled = fillFromEnvironment(SCHEMA, bluemix, environment);
  const text = (attribute: string): string | undefined => {
    const value = filled[attribute];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const registryEndpoint = text("registry_endpoint");
  const caCertificate = text("ca_certificate");
  return {
    kind: "bluemix",
    name,
    apiEndpoint: text("api_endpoint") ?? "",
    ...(registryEndpoint === undefined ? {} : { registryEndpoint }),
    hosts: hostsOf(bluemix),
    login: toLogin(name, path, bluemix, filled, environment),
    account: toAccount(name, path, bluemix, filled),
    ...(caCertificate === undefined ? {} : { caCertificate }),
  };
}

/** The registry hosts of an issuer, as configured. */
export function hostsOf(bluemix: ObjectValue): readonly string[] {
  return textsOf(bluemix.hosts);
}

/** What the configuration sets counts; only where it sets no login at all does the environment. */
function toLogin(name: string, path: Path, bluemix: ObjectValue, filled: ObjectValue, environment: Environment): BluemixLogin {
  const isSet = (value: ObjectValue, attribute: string) => (value[attribute] ?? null) !== null && value[attribute] !== "";
  const configured = LOGINS.filter((login) => isSet(bluemix, login) || isSet(bluemix, `${login}_env`));
  const found = configured.length > 0 ? configured : LOGINS.filter((login) => isSet(filled, login));
  const [login] = found;
  if (login === undefined || found.length > 1) throw DiagnosticError.at(path, ...loginFault(name, found));
  const secret = isSet(bluemix, `${login}_env`)
    ? readSecretFromEnvironment(textOf(bluemix[`${login}_env`]), ISSUER_PREFIXES, [...path, `${login}_env`], environment)
    : Secret.of(textOf(filled[login]));
  processRedactor.remember(secret);
  switch (login) {
    case "password": {
      const { username } = filled;
      if (typeof username === "string" && username !== "") return { kind: "password", username, password: secret };
      throw DiagnosticError.at(
        [...path, "username"],
        "A password without a user name",
        `Issuer ${JSON.stringify(name)} has a password, and no user name. Set username, or the environment variable BLUEMIX_USERNAME.`,
      );
    }
    case "passcode":
      return { kind: "passcode", passcode: secret };
    case "api_key":
      return { kind: "api_key", apiKey: secret };
    case "oauth_token":
      return { kind: "oauth_token", token: secret };
  }
}

function loginFault(name: string, found: readonly Login[]): [summary: string, detail: string] {
  const ways =
    "Give exactly one: username with password (or password_env, BLUEMIX_PASSWORD); passcode (or passcode_env); " +
    "api_key (or api_key_env, BLUEMIX_API_KEY); oauth_token (or oauth_token_env).";
  if (found.length === 0)
    return [
      "No login",
      `Issuer ${JSON.stringify(name)} has no login, neither in the configuration nor in the environment. ${ways}`,
    ];
  return [
    "Several logins",
    `The environment holds ${found.join(" and ")} for issuer ${JSON.stringify(name)}, and the configuration says none of them. ${ways}`,
  ];
}

function toAccount(name: string, path: Path, bluemix: ObjectValue, filled: ObjectValue): BluemixAccount {
  const value = (from: ObjectValue, attribute: string) => (typeof from[attribute] === "string" ? from[attribute] : "");
  const configured = ACCOUNTS.find((attribute) => value(bluemix, attribute) !== "");
  const kind = configured ?? ACCOUNTS.find((attribute) => value(filled, attribute) !== "");
  switch (kind) {
    case "organization":
      return { kind, name: value(filled, kind) };
    case "organization_guid":
      return { kind, guid: value(filled, kind) };
    case "account_id":
      return { kind, id: value(filled, kind) };
    case undefined:
      throw DiagnosticError.at(
        path,
        "No organization",
        `Issuer ${JSON.stringify(name)} does not say whose registry tokens are meant. Set exactly one of organization (or BLUEMIX_ORG), organization_guid and account_id.`,
      );
  }
}
