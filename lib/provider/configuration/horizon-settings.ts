import { readFileSync } from "node:fs";
import { HORIZON_PREFIXES } from "../../domain/environment-name";
import { type ExchangeUser, parseUserAuth } from "../../domain/horizon/user-auth";
import type { Path } from "../../domain/problem";
import { processRedactor } from "../../domain/redaction";
import { Secret } from "../../domain/secret";
import { horizon } from "../../schema/provider/horizon";
import { DiagnosticError } from "../framework/diagnostic";
import { type ObjectValue, textOf } from "../framework/value";
import { type Environment, fillFromEnvironment } from "./environment";
import { readSecretFromEnvironment } from "./environment-secret";

/** Where the exchange is, and who logs in there. */
export interface HorizonSettings {
  readonly exchangeUrl: string;
  readonly org: string;
  readonly user: ExchangeUser;
  /** PEM. @default - the system's roots alone */
  readonly caCertificate?: string;
}

/** hzn's own variable for a file with the management hub's CA. */
const CA_FILE_VARIABLE = "HZN_MGMT_HUB_CERT_PATH";

/** The provider's `horizon`, wholly known, with environment variables filled in. @throws DiagnosticError where something is missing */
export function toHorizonSettings(configured: ObjectValue, environment: Environment): HorizonSettings {
  const org = filled("org", configured, environment);
  const exchangeUrl = filled("exchange_url", configured, environment);
  const user = toUser(configured, org, environment);
  if (user === undefined) {
    throw DiagnosticError.at(
      undefined,
      "No login for the exchange",
      'The provider\'s horizon has neither user_auth nor user_auth_env, and the environment variable HZN_EXCHANGE_USER_AUTH is not set. Give one of them: "user:password", or "org/user:password".',
    );
  }
  const ca = caOf(configured, environment);
  return { org, exchangeUrl, user, ...(ca === undefined ? {} : { caCertificate: ca }) };
}

/** The organization alone, as far as it is known: it needs no login. */
export function horizonOrg(configured: ObjectValue, environment: Environment): string | undefined {
  const { org } = fillFromEnvironment({ org: horizon.attributes.org }, configured, environment);
  return typeof org === "string" && org !== "" ? org : undefined;
}

function filled(name: "org" | "exchange_url", configured: ObjectValue, environment: Environment): string {
  const attribute = horizon.attributes[name];
  const value = fillFromEnvironment({ [name]: attribute }, configured, environment)[name];
  const path: Path = ["horizon", name];
  if (typeof value !== "string" || value === "") {
    throw DiagnosticError.at(
      undefined,
      "No exchange configured",
      `The provider's horizon.${name} is not set, and neither is the environment variable ${attribute.environment?.[0]}. Set one of them: registry_horizon_* need an Open Horizon exchange.`,
    );
  }
  // Validation sees what the configuration says, and nothing of the environment.
  const problem = attribute.check(value, path);
  if (problem !== undefined) throw DiagnosticError.at(undefined, problem.summary, `horizon.${name}: ${problem.detail}`);
  return value;
}

/** Judges the login as far as there is one, before anybody needs it. @throws DiagnosticError where it is malformed */
export function checkHorizonUser(configured: ObjectValue, environment: Environment): void {
  toUser(configured, "organization", environment);
}

/** What the configuration sets counts; only where it sets none does the environment. Undefined where neither does. */
function toUser(configured: ObjectValue, org: string, environment: Environment): ExchangeUser | undefined {
  const { user_auth_env: named } = configured;
  const { user_auth: given } = fillFromEnvironment({ user_auth: horizon.attributes.user_auth }, configured, environment);
  const text =
    typeof named === "string"
      ? readSecretFromEnvironment(textOf(named), HORIZON_PREFIXES, ["horizon", "user_auth_env"], environment)
      : typeof given === "string" && given !== ""
        ? Secret.of(given)
        : undefined;
  if (text === undefined) return undefined;
  processRedactor.remember(text);
  const user = parseUserAuth(text, org);
  if (user === undefined) {
    const problem = horizon.attributes.user_auth.check("", ["horizon", "user_auth"]);
    throw DiagnosticError.at(undefined, "Invalid user authentication", problem?.detail ?? "");
  }
  for (const secret of [user.login, user.password]) processRedactor.remember(secret);
  return user;
}

function caOf({ ca_certificate: configured }: ObjectValue, environment: Environment): string | undefined {
  if (typeof configured === "string" && configured !== "") return configured;
  const file = environment[CA_FILE_VARIABLE];
  if (file === undefined || file === "") return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw DiagnosticError.at(
      undefined,
      "CA file can't be read",
      `The environment variable ${CA_FILE_VARIABLE} names ${JSON.stringify(file)}, which can't be read${why}. Correct it, unset it where the system's roots know the exchange's CA, or set horizon.ca_certificate.`,
    );
  }
}
