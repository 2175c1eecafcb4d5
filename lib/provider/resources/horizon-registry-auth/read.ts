import type { StoredRegistryAuth } from "../../../clients/horizon/types";
import { createFingerprintVerifier } from "../../../domain/fingerprint";
import { processRedactor } from "../../../domain/redaction";
import { horizonRegistryAuth } from "../../../schema/horizon/registry-auth";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { refreshedImport } from "../placement/import-report";
import { asState, canonicalAuth, describe, listAuths, type RegistryAuthState, requireOrg } from "./model";

/**
 * Refreshes the status. What is gone stays in the state as `missing`, so that a review sees why it is written anew; one with another
 * number that the fingerprint vouches for is the same one, made again.
 */
export async function read(
  { state: value, privateData }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  if (provider.horizon.unknown !== undefined) return { state: value };
  const state = asState(value);
  return within(horizonRegistryAuth, value, "read", caller, async (signal) => {
    const client = await provider.horizon.client();
    requireOrg(state, client);
    const all = await listAuths(client, state.service, signal);
    for (const { token } of all) processRedactor.remember(token);
    const { matches } = createFingerprintVerifier(state.fingerprint ?? "");
    const same = all.filter(({ registry }) => registry === state.registry);
    const own = all.find(({ id }) => id === state.auth_id);
    const again = own === undefined ? await findAsync(same, async (stored) => matches(canonicalAuth(stored))) : undefined;
    const found = own ?? again;
    const others = same.filter((stored) => stored !== found);
    if (others.length > 0) report(besides(state, others));
    const status = found === undefined ? "missing" : (await matches(canonicalAuth(found))) ? "in_sync" : "edited";
    return {
      state: { ...value, auth_id: found?.id ?? state.auth_id, status },
      privateData: { ...privateData, ...refreshedImport(privateData) },
    };
  });
}

async function findAsync<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T | undefined> {
  for (const item of items) if (await test(item)) return item;
  return undefined;
}

/** Nodes try all of them, so that one which is revoked elsewhere may still be good here. */
function besides(state: RegistryAuthState, others: readonly StoredRegistryAuth[]): Diagnostic {
  const list = others.map(({ id, username }) => `number ${id}, user ${JSON.stringify(username)}`).join("; ");
  return {
    severity: "warning",
    summary: "More credentials for one registry",
    detail: `${describe(state)} is not the only one: the service has others for it (${list}), which nodes try as well. Delete what is not wanted (hzn exchange service removeauth).`,
    path: ["registry"],
  };
}
