import { readCredentials, type SandboxCredentials, type SandboxState } from "../../../sandbox";
import { type BluemixControl, createBluemixControl } from "../../../sandbox/emulators/bluemix";
import type { ControlledToken } from "../../../sandbox/emulators/bluemix/control-client";
import { type Expressions, object, quoted } from "../support/hcl";

/** The sandbox's dedicated environment, as somebody with a configuration of his own meets it. */
export interface Bluemix {
  readonly url: string;
  readonly tlsUrl: string;
  readonly credentials: SandboxCredentials;
  readonly control: BluemixControl;
  /** An issuer of the provider's `issuers`; `bluemix` changes single attributes. The password is `var.bluemix_password`. */
  issuer(bluemix?: Expressions): string;
  /** Tokens that are there, oldest first. */
  tokens(): Promise<readonly ControlledToken[]>;
  /** Issues a permanent one, as a person would by the registry's API; returns its id. */
  issueToken(description: string): Promise<string>;
}

/** The dedicated environment of a sandbox that is up. */
export function bluemixOf(state: SandboxState): Bluemix {
  const { url, tlsUrl, hosts } = state.bluemix.regions.dedicated;
  const credentials = readCredentials(state.credentialsFile);
  const control = createBluemixControl(state.bluemix.control, credentials.controlSecret.reveal());
  const usual = {
    api_endpoint: quoted(url),
    registry_endpoint: quoted(url),
    hosts: quoted(hosts),
    username: quoted(credentials.bluemix.username),
    password: "var.bluemix_password",
    organization: quoted("acme"),
  };
  const tokens = async () => (await control.tokens()).filter(({ region }) => region === "dedicated");
  return {
    url,
    tlsUrl,
    credentials,
    control,
    issuer: (bluemix = {}) => object({ bluemix: object({ ...usual, ...bluemix }) }),
    tokens,
    async issueToken(description) {
      const before = new Set((await tokens()).map(({ id }) => id));
      const headers = {
        authorization: `bearer ${credentials.bluemix.oauthToken.reveal()}`,
        organization: credentials.bluemix.organizationGuid,
      };
      const query = new URLSearchParams({ description, permanent: "true", write: "false" });
      const response = await fetch(`${url}/api/v1/tokens?${query}`, { method: "POST", headers });
      if (!response.ok) throw new Error(`the emulator answered ${response.status}`);
      const issued = (await tokens()).find(({ id }) => !before.has(id));
      if (issued === undefined) throw new Error("the emulator lists no new token");
      return issued.id;
    },
  };
}
