import type { BluemixIssuer, RegistryToken } from "../../../issuers";
import type { ObjectValue } from "../../framework/value";
import { identityOf } from "../issued-credential/model";

/** What the data source and the ephemeral resource say of a token. */
export async function exportedOf(token: RegistryToken, issuer: BluemixIssuer, signal: AbortSignal): Promise<ObjectValue> {
  return { ...identityOf(token, issuer), hosts: await issuer.hosts(signal), username: issuer.username };
}
