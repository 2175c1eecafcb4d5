import { ClientError } from "../../clients/client-error";
import { type CloudFoundryClient, formatBearer } from "../../clients/cloud-foundry";
import type { RegistryCaller, RegistryLogin } from "../../clients/registry-v1";
import { createShared } from "../../clients/shared-promise";
import type { AccessToken } from "../../clients/uaa";
import { type AccountHeader, resolveAccount } from "./account";
import type { BluemixSettings } from "./settings";

/** One login and one look-up of the organization for all calls of a run. */
export function createBluemixLogin(settings: BluemixSettings, api: CloudFoundryClient): RegistryLogin {
  const account = createShared<AccountHeader>(
    (signal) => resolveAccount(api, settings.account, signal),
    (error) => ClientError.is(error, "not_found"),
  );
  const tokens = new WeakMap<RegistryCaller, AccessToken>();

  async function callerOf(token: AccessToken, signal: AbortSignal): Promise<RegistryCaller> {
    const caller = { authorization: formatBearer(token.value), ...(await account.get(signal)) };
    tokens.set(caller, token);
    return caller;
  }

  return {
    caller: async (signal) => callerOf(await api.token(signal), signal),
    async renew(stale, signal) {
      const token = tokens.get(stale);
      const renewed = token === undefined ? undefined : await api.renew(token, signal);
      return renewed === undefined ? undefined : callerOf(renewed, signal);
    },
  };
}
