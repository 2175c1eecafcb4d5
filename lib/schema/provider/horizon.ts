import { checkCertificateText } from "../../domain/certificate-text";
import { checkEnvironmentName } from "../../domain/environment-name";
import type { Path, Problem } from "../../domain/problem";
import type { PartlyKnown } from "../attribute";
import { isObject } from "../partly-known";
import { checkUrl, secretText, text } from "./attributes";

function checkOrg(value: string | number, path: Path): Problem | undefined {
  if (/^[^/:\s]+$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid organization",
    detail: `${JSON.stringify(value)} is not an organization's name: without '/', ':' and blanks, such as "my-org".`,
  };
}

/** Of what it holds nothing is shown. */
function checkUserAuth(value: string | number, path: Path): Problem | undefined {
  if (/^(?:[^/:\s]+\/)?[^/:\s]+:./s.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid user authentication",
    detail:
      'user_auth has another form (it is not shown). It is "user:password", such as "iamapikey:<API key>", or "org/user:password" for a user of another organization.',
  };
}

/** The provider's `horizon`: an Open Horizon exchange, names of environment variables as hzn has them. */
export const horizon = {
  nesting: "single",
  presence: "optional",
  description:
    "The exchange of Open Horizon (IBM Edge Application Manager), for `registry_horizon_*`. Environment variables are those of `hzn`; where they say it all, the attribute may be left out.",
  attributes: {
    exchange_url: {
      ...text("The exchange's URL, such as `https://hub.example.com/edge-exchange/v1`.", ["HZN_EXCHANGE_URL"]),
      check: checkUrl,
    },
    org: {
      ...text("The organization whose services and patterns are published.", ["HZN_ORG_ID"]),
      check: checkOrg,
    },
    user_auth: {
      ...secretText(
        "Who logs in: `user:password` (`iamapikey:<API key>`), or `org/user:password` for a user of another organization.",
        ["HZN_EXCHANGE_USER_AUTH"],
      ),
      check: checkUserAuth,
    },
    user_auth_env: {
      type: "string",
      presence: "optional",
      description:
        "The environment variable that holds `user_auth`: `REGISTRY_*`, `HZN_*`, or one listed in `REGISTRY_ACCESS_PASSWORD_ENV`.",
      check: checkEnvironmentName,
    },
    ca_certificate: {
      ...text(
        "The CA (PEM) of the exchange, where the system's roots don't know it. Where it is not set, the file that `HZN_MGMT_HUB_CERT_PATH` names is read, as `hzn` does.",
      ),
      check: checkCertificateText,
    },
  },
} as const;

/** One user at most. */
export function horizonHasOneUser(config: PartlyKnown): readonly Problem[] {
  const given = config.horizon;
  if (given === undefined || !isObject(given)) return [];
  const isSet = (name: string) => given[name] !== null && given[name] !== undefined;
  if (!isSet("user_auth") || !isSet("user_auth_env")) return [];
  return [
    {
      path: ["horizon", "user_auth_env"],
      summary: "Two ways to log in",
      detail: "Both user_auth and user_auth_env are set. Set one of them.",
    },
  ];
}
