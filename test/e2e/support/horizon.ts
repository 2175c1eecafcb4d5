import { readFileSync } from "node:fs";
import type { SandboxState } from "../../../sandbox";
import { createExchangeControl, type ExchangeControl } from "../../../sandbox/emulators/exchange";
import { send } from "../../../sandbox/http";
import { ACCOUNTS, readOpenHorizonCredentials, userAuth } from "../../../sandbox/open-horizon/accounts";
import { type AgentRow, type Deployment, runAgent } from "../../../sandbox/open-horizon/agent/agent";
import { nodeOf } from "../../../sandbox/open-horizon/node";
import type { OpenHorizonState } from "../../../sandbox/open-horizon/state";
import { registryEndpoints } from "../../../sandbox/systems/registered";
import { object, quoted } from "./hcl";

/** A sandbox's exchange and edge node as tests see them. */
export interface Horizon {
  readonly state: OpenHorizonState;
  readonly control: ExchangeControl;
  /** HCL of the provider block's `horizon`; the user's auth stands in HZN_EXCHANGE_USER_AUTH. */
  readonly hcl: string;
  /** The environment that goes with it: the user's auth. */
  readonly env: { readonly HZN_EXCHANGE_USER_AUTH: string };
  /** What another account of the exchange would log in with. */
  userAuth(account: keyof typeof ACCOUNTS): string;
  /** Asks the exchange below the organization, as an account. @default - the publisher */
  ask(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, as?: keyof typeof ACCOUNTS): Promise<number>;
  /** Does what an edge node does: what it was told to run, fetched anew. */
  fetch(wanted: Deployment): Promise<AgentRow[]>;
}

/** Opens the exchange of a sandbox. */
export function openHorizon(sandbox: SandboxState): Horizon {
  const state = sandbox.systems["open-horizon"];
  if (state === undefined) throw new Error(`The sandbox ${sandbox.name} has no Open Horizon.`);
  const credentials = readOpenHorizonCredentials(state.credentialsFile);
  const ca = readFileSync(sandbox.caFile, "utf8");
  const auth = (account: keyof typeof ACCOUNTS) => userAuth(account, credentials);
  return {
    state,
    control: createExchangeControl(state.control, credentials.controlSecret.reveal()),
    hcl: object({
      exchange_url: quoted(state.exchange),
      org: quoted(state.organization),
      ca_certificate: `file(${quoted(sandbox.caFile)})`,
    }),
    env: { HZN_EXCHANGE_USER_AUTH: auth("publisher") },
    userAuth: auth,
    async ask(method, path, body, as = "publisher") {
      const login = `${ACCOUNTS[as].organization}/${auth(as)}`;
      const { status } = await send(`${state.exchange}/orgs/${state.organization}${path}`, {
        method,
        headers: { authorization: `Basic ${Buffer.from(login).toString("base64")}` },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        tls: { ca },
      });
      return status;
    },
    async fetch(wanted) {
      const { signal } = new AbortController();
      return runAgent(wanted, await nodeOf(state, sandbox, registryEndpoints(sandbox.systems), signal));
    },
  };
}
