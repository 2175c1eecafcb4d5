import { ClientError } from "../../clients/client-error";
import { sentence } from "../../clients/sentence";
import type { IbmCloudSettings } from "./settings";

/** Says in a failure which issuer it is of, and what commonly helps. What is no ClientError is our own bug, and stays as it is. */
export function explainFailure(error: unknown, { name, iamEndpoint }: Pick<IbmCloudSettings, "name" | "iamEndpoint">): unknown {
  if (!ClientError.is(error)) return error;
  const advice = error.code === "forbidden" ? adviceFor(error.message, iamEndpoint.replace(/\/+$/, "")) : undefined;
  const message = advice === undefined ? error.message : `${sentence(error.message)} ${advice}`;
  return new ClientError(error.code, `Issuer ${JSON.stringify(name)}: ${message}`, error.options);
}

/** By the call that was refused: `GET https://iam.cloud.ibm.com/v1/policies: 403`. */
function adviceFor(message: string, iam: string): string {
  const isRead = message.startsWith("GET ");
  const role = message.includes(iam)
    ? roleInIam(message.slice(message.indexOf(iam) + iam.length), isRead)
    : roleInRegistry(isRead);
  return `The login may not do this: it takes ${role} (docs/permissions.md). Have it given that, or log in with another API key.`;
}

function roleInIam(path: string, isRead: boolean): string {
  if (path.startsWith("/v1/policies"))
    return isRead
      ? "Viewer on Container Registry, to see the policy"
      : "Administrator on Container Registry, to give or take the right to pull";
  // A key by its id is shown with its value.
  if (isRead && !/^\/v1\/apikeys\/[^:?\s]/.test(path))
    return "Viewer on the IAM Identity Service, to see service IDs and their keys";
  if (path.startsWith("/v1/serviceids"))
    return "Operator on the IAM Identity Service and its role Service ID creator, to make and delete service IDs";
  return "Operator on the IAM Identity Service, for service IDs' keys and their values";
}

function roleInRegistry(isRead: boolean): string {
  return isRead
    ? "Reader on Container Registry, to see registry namespaces and images"
    : "Manager on Container Registry, for its registry namespaces";
}
