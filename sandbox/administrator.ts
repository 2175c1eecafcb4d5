import { readFile } from "node:fs/promises";
import type { TlsClient } from "./http";
import type { SandboxState } from "./state";

interface Kubeconfig {
  readonly users: readonly {
    readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string };
  }[];
}

/** The administrator of a sandbox's cluster, for `send`. The kubeconfig is JSON that we wrote ourselves. */
export async function readAdministrator(state: Pick<SandboxState, "kubeconfig" | "caFile">): Promise<TlsClient> {
  const { users } = JSON.parse(await readFile(state.kubeconfig, "utf8")) as Kubeconfig;
  const [administrator] = users;
  if (administrator === undefined) throw new Error(`${state.kubeconfig} has no user.`);
  const text = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");
  return {
    ca: await readFile(state.caFile, "utf8"),
    certificate: text(administrator.user["client-certificate-data"]),
    key: text(administrator.user["client-key-data"]),
  };
}
