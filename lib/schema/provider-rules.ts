import { checkIssuerName } from "../domain/credential-id";
import type { Problem } from "../domain/problem";
import type { PartlyKnown, PartlyKnownValue } from "./attribute";

function isObject(value: PartlyKnownValue): value is PartlyKnown {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A kubeconfig or a host, not both. */
export function clusterNeedsOneSource(config: PartlyKnown): readonly Problem[] {
  const kubernetes = config.kubernetes;
  if (!isObject(kubernetes)) return [];
  const set = (name: string) => kubernetes[name] !== null && kubernetes[name] !== undefined;
  if (set("config_path") && set("config_paths")) {
    return [
      {
        path: ["kubernetes", "config_paths"],
        summary: "Two lists of kubeconfig files",
        detail: "Both config_path and config_paths are set. Set one of them.",
      },
    ];
  }
  if (set("host") && (set("config_path") || set("config_paths"))) {
    return [
      {
        path: ["kubernetes", "host"],
        summary: "Two ways to reach the cluster",
        detail: `host is ${JSON.stringify(kubernetes.host)}, and a kubeconfig is set as well. Set one of them, so that it is plain which cluster is meant.`,
      },
    ];
  }
  return [];
}

/** The ways to log in; each may come as a value or as an environment variable's name. */
const LOGINS = ["password", "passcode", "api_key", "oauth_token"] as const;

/** Each issuer has a kind, at most one login in the configuration, and one account. */
export function issuersAreWhole(config: PartlyKnown): readonly Problem[] {
  const issuers = config.issuers;
  if (!isObject(issuers)) return [];
  return Object.entries(issuers).flatMap(([name, issuer]) => {
    const nameProblem = checkIssuerName(name, ["issuers", name]);
    if (nameProblem) return [nameProblem];
    if (!isObject(issuer)) return [];
    if (issuer.bluemix === null) {
      return [
        {
          path: ["issuers", name],
          summary: "An issuer without a kind",
          detail: `Issuer ${JSON.stringify(name)} has no kind. Set bluemix = { … }.`,
        },
      ];
    }
    return isObject(issuer.bluemix) ? problemsOfBluemix(name, issuer.bluemix) : [];
  });
}

function problemsOfBluemix(name: string, bluemix: PartlyKnown): Problem[] {
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
