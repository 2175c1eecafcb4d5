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
const EXCHANGE_CODES: { readonly [status: number]: string } = {
  401: "invalid-credentials",
  403: "access-denied",
  409: "already-exists",
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

/** As IBM Cloud's IAM says it: the token endpoint and the identity API each have a half of their own. */
export const iamRefusal: Refusal = (status) => ({
  errorCode: "BXNIM9999E",
  errorMessage: TEXT,
  status_code: `${status}`,
  errors: [{ code: "fault", message_code: "BXNIM9999E", message: TEXT }],
  trace: "fault",
});

/** The exchange's own words. What stands before it says 404 in others: the exchange's own would mean that something is gone. */
export const exchangeRefusal: Refusal = (status) =>
  status === 404 ? { message: TEXT } : { code: EXCHANGE_CODES[status] ?? "internal_error", msg: TEXT };

/** As a container registry says it. */
export const registryRefusal: Refusal = (status) => ({
  errors: [{ code: (STATUS_CODES[status] ?? "UNKNOWN").toUpperCase().replace(/\W/g, ""), message: TEXT }],
});
