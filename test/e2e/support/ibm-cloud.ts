import type { SandboxState } from "../../../sandbox";
import { createIbmCloudControl, type IbmCloudControl } from "../../../sandbox/emulators/ibm-cloud";
import { type IbmCloudCredentials, readIbmCloudCredentials } from "../../../sandbox/ibm-cloud/accounts";
import type { IbmCloudState } from "../../../sandbox/ibm-cloud/state";

/** IBM Cloud as a test's sandbox has it. */
export interface IbmCloud {
  readonly state: IbmCloudState;
  readonly credentials: IbmCloudCredentials;
  readonly control: IbmCloudControl;
  /** The registry hosts of the regions. */
  readonly hosts: readonly [string, string];
  /** Asks IAM as the account's user, without the product's own client. */
  iam(method: string, path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<unknown>;
}

/** Opens it in a sandbox that was brought up with it. */
export function openIbmCloud({ name, systems }: SandboxState): IbmCloud {
  const state = systems["ibm-cloud"];
  if (state === undefined) throw new Error(`the sandbox ${name} has no IBM Cloud`);
  const credentials = readIbmCloudCredentials(state.credentialsFile);
  const { regions } = state;
  return {
    state,
    credentials,
    control: createIbmCloudControl(state.control, credentials.controlSecret.reveal()),
    hosts: [regions["us-south"].host, regions["eu-central"].host],
    async iam(method, path, body, headers = {}) {
      const grant = "urn:ibm:params:oauth:grant-type:apikey";
      const form = new URLSearchParams({ grant_type: grant, apikey: credentials.apiKey.reveal() });
      const login = await fetch(`${state.iamPlain}/identity/token`, { method: "POST", body: form });
      const { access_token: token } = (await login.json()) as { readonly access_token: string };
      const all = { authorization: `Bearer ${token}`, ...headers };
      const answer = await fetch(`${state.iamPlain}${path}`, {
        method,
        headers: all,
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? undefined : await answer.json();
    },
  };
}

/** HCL of a provider's issuer of kind `ibmcloud`, without a login: the API key stands in IBMCLOUD_API_KEY. */
export function ibmCloudIssuer({ state, hosts }: IbmCloud, caFile: string): string {
  return `{
    iam_endpoint      = "${state.iam}"
    registry_endpoint = "${state.regions["us-south"].tlsUrl}"
    hosts             = ${JSON.stringify(hosts)}
    ca_certificate    = file("${caFile}")
  }`;
}
