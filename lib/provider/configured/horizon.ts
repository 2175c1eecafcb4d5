import type { HorizonClient } from "../../clients/horizon/types";
import type { Path } from "../../domain/problem";
import { during } from "../client-diagnostics";
import type { ClientSettings } from "../configuration/client-settings";
import { checkHorizonUser, horizonOrg, toHorizonSettings } from "../configuration/horizon-settings";
import { isUnknown, type ObjectValue, type Value } from "../framework/value";
import type { Runtime } from "./runtime";
import { firstUnknown, notKnownYet } from "./unknown";

/** The provider's `horizon`; nobody logs in before the exchange is asked for something. */
export interface ConfiguredHorizon {
  /** The part of the configuration that is not known yet; undefined where all is. */
  readonly unknown: Path | undefined;
  /** The organization; undefined where it is not known yet, or not set. */
  readonly org: string | undefined;
  /** What a create of this run wrote or took up: the destroy of what it replaces has to leave it. */
  readonly written: Set<string>;
  /** What a plan judges without the exchange. @throws DiagnosticError where the login is malformed */
  check(): void;
  /** The client, made once per run. @throws DiagnosticError where the configuration is unknown or not whole */
  client(): Promise<HorizonClient>;
}

/** Takes the provider's `horizon` in; contacts nobody. */
export function createHorizon(horizon: Value, runtime: Runtime, clients: ClientSettings): ConfiguredHorizon {
  const unknown = firstUnknown(horizon, ["horizon"]);
  const configured = (isUnknown(horizon) ? {} : (horizon ?? {})) as ObjectValue;

  async function make(): Promise<HorizonClient> {
    if (unknown !== undefined) throw notKnownYet(unknown, "the exchange");
    const { exchangeUrl, org, user, caCertificate } = toHorizonSettings(configured, runtime.environment);
    // Loaded here, since it brings undici with it: no handshake needs that.
    const { createHorizonClient } = require("../../clients/horizon/client") as typeof import("../../clients/horizon/client");
    const options = {
      ...clients,
      baseUrl: exchangeUrl,
      ...(caCertificate === undefined ? {} : { additionalCa: caCertificate }),
      settingNames: { ca: "horizon.ca_certificate (HZN_MGMT_HUB_CERT_PATH)" },
    };
    return during({ what: "The provider's horizon" }, async () => createHorizonClient(options, org, user));
  }

  let made: Promise<HorizonClient> | undefined;
  return {
    unknown,
    written: new Set(),
    check() {
      if (unknown === undefined) checkHorizonUser(configured, runtime.environment);
    },
    org: isUnknown(horizon) || isUnknown(configured.org) ? undefined : horizonOrg(configured, runtime.environment),
    client() {
      made ??= make();
      return made;
    },
  };
}
