import type { IcrClient } from "../../../clients/icr";
import type { IcrRegion } from "../../../domain/icr-hosts";
import { formatIcrNamespaceId } from "../../../domain/icr-namespace";
import type { State } from "../../../schema";
import type { ibmcloudNamespace } from "../../../schema/ibmcloud-namespace";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ObjectValue } from "../../framework/value";

/** The state of `registry_ibmcloud_namespace`. */
export type NamespaceState = State<typeof ibmcloudNamespace>;

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): NamespaceState {
  return value as unknown as NamespaceState;
}

/** The registry that a state's namespace is in. Contacts nobody. */
export async function registryOf({ issuer: name, region }: NamespaceState, { issuers }: ConfiguredProvider): Promise<IcrClient> {
  const issuer = await issuers.getOf("ibmcloud", name, ["issuer"]);
  return issuer.registry(region as IcrRegion | null);
}

/** `<issuer>/<name>[@<region>]`. */
export function idOf({ issuer, name, region }: NamespaceState): string {
  return formatIcrNamespaceId({ issuer, name, region });
}
