import { isRecord } from "../../domain/json";
import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import type { HttpClient } from "../http";
import { createShared } from "../shared-promise";
import type { IamToken } from "./types";

/** A token is renewed when this part of its life is left (facts: registry APIs §3). */
const MARGIN = 0.2;

/** One login for all who ask. */
export interface IamSession {
  token(signal: AbortSignal): Promise<IamToken>;
  renew(stale: IamToken, signal: AbortSignal): Promise<IamToken>;
}

/** Exchanges an API key for access tokens. Contacts nothing yet. */
export function createIamSession(http: HttpClient, apiKey: Secret, clock: () => number): IamSession {
  const shared = createShared<IamToken>(
    (signal) => exchange(http, apiKey, clock, signal),
    (error) => ClientError.is(error, "unauthenticated"),
  );
  return {
    async token(signal) {
      const current = await shared.get(signal);
      if (clock() < current.renewAt) return current;
      shared.forget(current);
      return shared.get(signal);
    },
    async renew(stale, signal) {
      shared.forget(stale);
      return shared.get(signal);
    },
  };
}

async function exchange(http: HttpClient, apiKey: Secret, clock: () => number, signal: AbortSignal): Promise<IamToken> {
  const form = { grant_type: "urn:ibm:params:oauth:grant-type:apikey", apikey: apiKey, response_type: "cloud_iam" };
  const path = "/identity/token";
  const asked = clock();
  let answer: unknown;
  try {
    // Nothing is made by it but one more token: it may be asked for twice.
    answer = (await http.request({ method: "POST", path, body: { form }, signal, idempotent: true })).json();
  } catch (error) {
    throw isRefusal(error) ? refused(error) : error;
  }
  if (!isRecord(answer) || typeof answer.access_token !== "string" || answer.access_token === "") {
    throw new ClientError(
      "malformed",
      `${http.baseUrl}${path} answered without an access_token. Is iam_endpoint IBM Cloud IAM, such as "https://iam.cloud.ibm.com"?`,
    );
  }
  const lifetime = typeof answer.expires_in === "number" && answer.expires_in > 0 ? answer.expires_in * 1000 : 3_600_000;
  return { value: Secret.of(answer.access_token), renewAt: asked + lifetime * (1 - MARGIN) };
}

/** IAM says 400 to a key that it does not know, where others say 401. */
function isRefusal(error: unknown): error is ClientError {
  return ClientError.is(error, "unauthenticated", "invalid");
}

function refused(error: ClientError): ClientError {
  return new ClientError(
    "unauthenticated",
    `Login refused: IBM Cloud IAM does not accept this API key (${error.message}). Correct api_key or api_key_env (environment variables IBMCLOUD_API_KEY and IC_API_KEY), or make a new key (ibmcloud iam api-key-create): it may have been deleted, disabled or have expired.`,
    error.options,
  );
}
