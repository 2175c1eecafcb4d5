import type { HorizonClient, RegistryAuth, StoredRegistryAuth } from "../../../clients/horizon/types";
import { canonicalJson } from "../../../domain/horizon/canonical-json";
import { Secret } from "../../../domain/secret";
import type { horizonRegistryAuth } from "../../../schema/horizon/registry-auth";
import type { State } from "../../../schema/model";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { type CredentialEntry, resolveCredential } from "../../credential-entry";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, textOf } from "../../framework/value";

/** The state of `registry_horizon_registry_auth`. */
export type RegistryAuthState = State<typeof horizonRegistryAuth>;

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): RegistryAuthState {
  return value as unknown as RegistryAuthState;
}

/** Where the exchange's address stands, for who does not find anybody there. */
export const ADDRESS = "exchange_url of the provider's horizon (HZN_EXCHANGE_URL)";

/** Says what the resource is about. */
export function describe({ service, registry }: Pick<RegistryAuthState, "service" | "registry">): string {
  return `The credential of service ${JSON.stringify(service)} for registry ${JSON.stringify(registry)}`;
}

/** Tells what one run wrote apart. */
export function placeOf(service: string, number: number | null): string {
  return `dockauth ${service}/${number}`;
}

/** The credential's part of a configuration; its registry is the only host that it is for. */
export function entryOf(config: ObjectValue): CredentialEntry {
  const { registry = null } = config;
  const hosts = isUnknown(registry) ? [] : [{ host: textOf(registry), path: ["registry"] }];
  return { entry: config, path: [], hosts };
}

/** What edge nodes get. The configuration is wholly known, and its issuer is asked for the value. */
export async function computeAuth(config: ObjectValue, provider: ConfiguredProvider, signal: AbortSignal): Promise<RegistryAuth> {
  const found = await resolveCredential(entryOf(config), provider, signal);
  if (found === undefined) throw new Error("validation lets no resource without a credential through");
  return { registry: textOf(config.registry), username: found.username, token: found.password };
}

/** What fingerprints are made of. */
export function canonicalAuth({ registry, username, token }: RegistryAuth): Secret {
  return Secret.of(canonicalJson([registry, username, token.reveal()]));
}

/** Whether nodes would do the same with both. */
export function isSameAuth(one: RegistryAuth, other: RegistryAuth): boolean {
  return canonicalAuth(one).reveal() === canonicalAuth(other).reveal();
}

/** All that a service has; a failure is never "none". */
export function listAuths(client: HorizonClient, service: string, signal: AbortSignal): Promise<readonly StoredRegistryAuth[]> {
  const what = `The registry credentials of service ${JSON.stringify(`${client.org}/${service}`)} could not be read`;
  return during({ what, path: ["service"], address: ADDRESS }, () => client.registryAuths.list(service, signal));
}

/** The organization stands in the state: what it names is another's elsewhere. @throws DiagnosticError where the provider's is another */
export function requireOrg(state: RegistryAuthState, client: HorizonClient): void {
  if (state.org === null || state.org === client.org) return;
  throw DiagnosticError.at(
    undefined,
    "Another organization",
    `${describe(state)} is in organization ${JSON.stringify(state.org)}, and the provider's horizon is for ${JSON.stringify(client.org)}. Nothing was read or written there. Lead the provider back (org, HZN_ORG_ID), or make the resource anew (terraform state rm).`,
  );
}
