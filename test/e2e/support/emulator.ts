import { DEDICATED, readCredentials, type SandboxCredentials, type SandboxState } from "../../../sandbox";
import { type BluemixControl, createBluemixControl } from "../../../sandbox/emulators/bluemix";

/** A sandbox's Bluemix emulator as tests see it: from behind, and in HCL. */
export interface Bluemix {
  readonly control: BluemixControl;
  readonly credentials: SandboxCredentials;
  /** HCL of the provider block's `issuers`: the dedicated environment, by the API key in `BLUEMIX_API_KEY`. */
  readonly issuers: string;
  /** The environment that goes with it. */
  readonly env: { readonly BLUEMIX_API_KEY: string };
}

/** The emulator of a sandbox that is up. */
export function openBluemix(state: SandboxState): Bluemix {
  const credentials = readCredentials(state.credentialsFile);
  return {
    control: createBluemixControl(state.bluemix.control, credentials.controlSecret.reveal()),
    credentials,
    issuers: dedicatedIssuer(state, 'api_key_env = "BLUEMIX_API_KEY"'),
    env: { BLUEMIX_API_KEY: credentials.bluemix.apiKey.reveal() },
  };
}

/** HCL of `issuers` with the dedicated environment under that login. */
export function dedicatedIssuer(state: SandboxState, login: string): string {
  const { url } = state.bluemix.regions.dedicated;
  return `{ dedicated = { bluemix = {
    api_endpoint      = ${JSON.stringify(url)}
    registry_endpoint = ${JSON.stringify(url)}
    hosts             = ${JSON.stringify(DEDICATED.hosts)}
    organization      = "acme"
    ${login}
  } } }`;
}
