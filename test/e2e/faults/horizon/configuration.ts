import { horizonPattern, horizonRegistryAuth, horizonService } from "../../../../lib/schema";
import type { OpenHorizonState } from "../../../../sandbox/open-horizon/state";
import { type Configuration, PASSWORD_VARIABLE, reference, TIMEOUTS } from "../configuration";
import type { Wanted } from "../scene";

/** What the configuration of a lane is made of. */
export interface ConfigurationOptions extends Wanted {
  readonly owner: string;
  readonly state: OpenHorizonState;
  readonly ca: string;
  /** The service's, without version and architecture; the pattern has the same name. */
  readonly name: string;
}

/** The registry that nodes pull from. Nobody asks it: the image is pinned already. */
export const REGISTRY = "registry.partner.example:5000";
/** The pinned image. */
export const IMAGE = `${REGISTRY}/gps@sha256:${"0".repeat(64)}`;

/** Who logs in at the registry: another one for another generation. */
const usernameOf = (generation: number): string => `user-${generation}`;

/** A service, its registry credential and its pattern. Variant `b` has other labels. */
export function configure({ owner, state, ca, name, variant, generation, urls }: ConfigurationOptions): Configuration {
  const deployment = { services: { gps: { image: IMAGE } } };
  const service = { label: `GPS ${variant}`, url: name, version: "1.0.0", arch: "amd64", sharable: "multiple", deployment };
  const named = {
    serviceUrl: "$SERVICE_URL",
    serviceOrgid: "$HZN_ORG_ID",
    serviceArch: "amd64",
    serviceVersions: [{ version: "1.0.0" }],
  };
  const signing = { signing_key_file: state.privateKeyFile, timeouts: TIMEOUTS };
  return {
    provider: {
      owner,
      request_timeout: "2s",
      horizon: { exchange_url: `${urls.exchange}/v1`, org: state.organization, ca_certificate: ca },
    },
    resources: [
      { schema: horizonService, config: { definition: JSON.stringify(service), ...signing } },
      {
        schema: horizonRegistryAuth,
        config: {
          service: reference(horizonService, "service_id"),
          registry: REGISTRY,
          username: usernameOf(generation),
          password_wo: PASSWORD_VARIABLE,
          timeouts: TIMEOUTS,
        },
      },
      {
        schema: horizonPattern,
        config: {
          name,
          definition: JSON.stringify({ label: `GPS ${variant}`, services: [named] }),
          variables: { SERVICE_URL: reference(horizonService, "url") },
          ...signing,
        },
      },
    ],
    lookedUp: [],
  };
}
