import type { IssuerKind } from "../../domain/issuer-kind";
import type { IssuerSettings } from "../../issuers";
import { issuers } from "../../schema/provider/issuers";
import { firstUnknown } from "../configured/unknown";
import { isObject } from "../framework/nested";
import type { ObjectValue, Value } from "../framework/value";
import { hostsOf, toBluemixSettings } from "./bluemix-settings";
import type { Environment } from "./environment";
import { icrHostsOf, toIbmCloudSettings } from "./ibmcloud-settings";
import { toOpenShiftSettings } from "./openshift-settings";

type Kind = keyof typeof issuers.attributes;

/** One entry of `issuers`: its kind, and the settings of that kind, of which something may be unknown. */
export interface ConfiguredKind {
  readonly kind: Kind & IssuerKind;
  readonly settings: ObjectValue;
}

/** The kind of an entry of `issuers`; undefined where it is not known yet. Validation saw to it that there is one. */
export function kindOf(issuer: Value): ConfiguredKind | undefined {
  if (!isObject(issuer)) return undefined;
  for (const kind of Object.keys(issuers.attributes) as Kind[]) {
    const settings = issuer[kind] ?? null;
    if (isObject(settings)) return { kind, settings };
  }
  return undefined;
}

/** Registry hosts as configured; undefined where they are not known, or only the issuer can tell. */
export function configuredHosts({ kind, settings }: ConfiguredKind): readonly string[] | undefined {
  if (firstUnknown(settings.hosts ?? null, []) !== undefined) return undefined;
  switch (kind) {
    case "bluemix":
      return hostsOf(settings);
    case "ibmcloud":
      return icrHostsOf(settings);
    case "openshift":
      return settings.hosts === null ? undefined : hostsOf(settings);
  }
}

/** The settings of an issuer that is wholly known, with environment variables filled in. @throws DiagnosticError where they are not whole */
export function toIssuerSettings(name: string, { kind, settings }: ConfiguredKind, environment: Environment): IssuerSettings {
  switch (kind) {
    case "bluemix":
      return toBluemixSettings(name, settings, environment);
    case "ibmcloud":
      return toIbmCloudSettings(name, settings, environment);
    case "openshift":
      return toOpenShiftSettings(name, settings);
  }
}
