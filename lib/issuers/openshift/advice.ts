import { ClientError } from "../../clients/client-error";
import type { KubernetesClient } from "../../clients/kubernetes/client";
import { namespaceAt } from "../../clients/kubernetes/namespaces";
import { sentence } from "../../clients/sentence";

/** Says in a failure which issuer it is of, and what commonly helps. What is no ClientError is our own bug, or has its own words. */
export function explainFailure(error: unknown, name: string): unknown {
  if (!ClientError.is(error)) return error;
  const advice = error.code === "forbidden" ? FORBIDDEN : undefined;
  const message = advice === undefined ? error.message : `${sentence(error.message)} ${advice}`;
  return new ClientError(error.code, `Issuer ${JSON.stringify(name)}: ${message}`, error.options);
}

/** The code of a failure that {@link missingAccount} says. */
const NO_ACCOUNT = "NoServiceAccount";

/** Whether a token was not issued because its ServiceAccount is missing, or its project. */
export function isMissingAccount(error: unknown): boolean {
  return ClientError.is(error, "not_found") && error.options.serviceCode === NO_ACCOUNT;
}

const FORBIDDEN =
  "Tokens take, in their project, list, get, create, update and delete on secrets, get and list on serviceaccounts, and create on serviceaccounts/token; the registry's hosts take get on images of config.openshift.io, or the issuer's hosts (docs/permissions.md). A project that was deleted takes these rights with it: then nothing of it is left, and terraform state rm ends what the state says.";

/** Why there is no such ServiceAccount: it is missing, or its project is. */
export async function missingAccount(
  client: KubernetesClient,
  project: string,
  account: string,
  signal: AbortSignal,
): Promise<ClientError> {
  const at = `in the cluster at ${client.server}`;
  const make =
    "Make it in the same stack (kubernetes_service_account_v1, ServiceAccountV1) and give service_account by reference, so that the order follows; or correct the name.";
  const [summary, fix] = (await isMissing(client, project, signal))
    ? [
        `There is no project ${JSON.stringify(project)} ${at}, so no ServiceAccount ${JSON.stringify(account)} either.`,
        MAKE_PROJECT,
      ]
    : [`There is no ServiceAccount ${JSON.stringify(account)} in project ${JSON.stringify(project)} ${at}.`, make];
  return new ClientError("not_found", `${summary} No token was issued. ${fix}`, { serviceCode: NO_ACCOUNT });
}

const MAKE_PROJECT =
  "Make it in the same stack (registry_openshift_project, OpenShiftProject) and give project by reference, so that the order follows; or correct the name.";

/** False where it can't be told. */
async function isMissing(client: KubernetesClient, project: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await client.get(namespaceAt(project), signal)) === undefined;
  } catch (error) {
    if (ClientError.is(error, "forbidden")) return false;
    throw error;
  }
}
