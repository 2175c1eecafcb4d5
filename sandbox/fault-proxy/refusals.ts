import { STATUS_CODES } from "node:http";

/** The body that a kind of service sends with an error status. */
export type Refusal = (status: number) => object;

/** The reasons of Kubernetes' Status object. */
const REASONS: { readonly [status: number]: string } = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
};
const TEXT = "an injected fault";

/** As an API server says it. */
export const kubernetesRefusal: Refusal = (status) => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: TEXT,
  reason: REASONS[status],
  code: status,
});

/** As the registry's token API says it. */
export const bluemixRefusal: Refusal = () => ({ code: "CRG9999E", message: TEXT, "request-id": "fault" });

/** As Cloud Foundry's API and its UAA say it: each reads its own half. */
export const cloudFoundryRefusal: Refusal = (status) => ({
  code: status,
  error_code: `CF-${(STATUS_CODES[status] ?? "Error").replace(/\W/g, "")}`,
  description: TEXT,
  error: "fault",
  error_description: TEXT,
});

/** As a container registry says it. */
export const registryRefusal: Refusal = (status) => ({
  errors: [{ code: (STATUS_CODES[status] ?? "UNKNOWN").toUpperCase().replace(/\W/g, ""), message: TEXT }],
});
