import type { Path, Problem } from "../../domain/problem";
import { checkRegistryHost } from "../../domain/registry-host";
import type { PartlyKnown, TypeSchema } from "../attribute";
import { credential, hasNoCredential, problemsOfCredential } from "../credential-entry";
import { timeouts } from "../timeouts";

/** Says what is wrong with a service's id as the exchange has it, without its organization; or nothing. */
function checkServiceId(value: string | number, path: Path): Problem | undefined {
  if (/^[^/\s$!*,;?@&~=%]+_[^/_\s]+_[^/_\s]+$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid service id",
    detail: `${JSON.stringify(value)} is not a service's id. It is "url_version_arch" without the organization, such as "hello_1.0.0_amd64": registry_horizon_service.….service_id gives it.`,
  };
}

/** Nodes pull without a credential anyway. */
function needsCredential(config: PartlyKnown): readonly Problem[] {
  if (!hasNoCredential(config)) return problemsOfCredential(config, []);
  return [
    {
      path: [],
      summary: "No credential",
      detail:
        "The resource gives edge nodes a credential, and has none. Allowed are: credential_id alone; username with either password_wo or password_env. A public registry needs none of this: leave the resource out.",
    },
  ];
}

/** `registry_horizon_registry_auth`. */
export const horizonRegistryAuth = {
  name: "registry_horizon_registry_auth",
  kind: "resource",
  description:
    "The credential that edge nodes pull a service's images with (a *dockauth* of Open Horizon's exchange; `hzn exchange service publish -r`). Neither state nor plan holds its value, and one that somebody edited or deleted is still seen: the state holds a salted fingerprint. It is rotated in place.\n\n" +
    "A registry host with a port works, which `hzn -r` splits in the wrong place. Nodes compare `registry` with the image's host letter by letter, and try every credential of that registry that the service has.",
  attributes: {
    id: { type: "string", presence: "computed", identifies: true, description: "`<organization>/<service>/<registry>`." },
    service: {
      type: "string",
      presence: "required",
      description: "The service's id without the organization (`registry_horizon_service.….service_id`). It has to be published.",
      requiresReplace: true,
      check: checkServiceId,
    },
    registry: {
      type: "string",
      presence: "required",
      description: "The registry host, `host[:port]`, as the service's images are named.",
      requiresReplace: true,
      check: checkRegistryHost,
    },
    ...credential,
    adopt_existing: {
      type: "bool",
      presence: "optional",
      description:
        "Takes over what the service has for this registry already, from `hzn` or another stack: the first is rewritten in place, others for the same registry are deleted, and what they held is not kept. One that is equal in everything needs no adoption.",
      whenUnset: "another credential for this registry is an error, and left as it is",
    },
    org: { type: "string", presence: "computed", description: "The organization, from the provider's configuration." },
    auth_id: {
      type: "number",
      presence: "computed",
      description: "The exchange's own number of it (`hzn exchange service listauth`).",
    },
    status: {
      type: "string",
      presence: "computed",
      description: "`in_sync`; `edited` or `missing`: the plan then writes it anew, in place.",
    },
    fingerprint: {
      type: "string",
      presence: "computed",
      description:
        "`scrypt$N$r$p$salt$hash` of registry, user name and value; the salt is drawn at apply. It can't be turned back, but a weak password can be guessed from it.",
    },
    timeouts: timeouts({ create: "5m", read: "2m", update: "5m", delete: "5m" }),
  },
  rules: [needsCredential],
  importId: {
    format: "<service>/<number>",
    example: "hello_1.0.0_amd64/5",
    description:
      "The service's id without the organization, and the exchange's number (`hzn exchange service listauth <service>`). The value does not get into the state; the fingerprint is made of it, and `credential_id` where a configured issuer confirms it. The plan compares the configured credential with the fingerprint, so it is empty, or in place where the configuration says what an import can't know (`password_env`, `timeouts`).",
    check: (value, path) => {
      if (/^[^/\s]+_[^/\s]+\/\d{1,15}$/.test(String(value))) return undefined;
      return { path, summary: "Invalid import id", detail: `${JSON.stringify(value)} has another form.` };
    },
  },
} as const satisfies TypeSchema;
