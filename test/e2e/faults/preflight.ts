import { readFile } from "node:fs/promises";
import { ClientError } from "../../../lib/clients/client-error";
import { createKubernetesClient } from "../../../lib/clients/kubernetes/create-client";
import { toKubernetesSettings } from "../../../lib/provider/configuration/kubernetes-settings";
import type { Logger } from "../../../lib/provider/framework/definition";
import { DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import { needsOf, refuseObstacles } from "../../../lib/provider/resources/placement/permissions";
import { FAULTS, type FaultName, formatCall } from "../../../sandbox/fault-proxy";
import type { Cluster } from "../support/cluster";
import { userToken } from "../support/user-token";
import { SECRET_NAME } from "./access/configuration";
import type { AccessScene } from "./access/scene";
import type { Lane } from "./lane";

/** What was told of one look at what a caller may do, or that the write is left to tell. */
export interface PreflightResult {
  /** `preflight kubernetes: POST …: 503 for ever`. */
  readonly name: string;
  readonly told: "what is denied, and to whom" | "what is denied" | "the write will tell";
  readonly problems: readonly string[];
}

const nothing = () => undefined;
const log: Logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/**
 * Asks for somebody who may do nothing what they may do, each of the calls with every fault that is wanted. The lanes' own user may do everything,
 * so that a full run asks neither for single namespaces nor for the caller's name.
 */
export async function strikePreflight(
  { proxy, scene: { namespaces } }: Lane<AccessScene>,
  cluster: Cluster,
  isWanted: (name: string) => boolean,
): Promise<readonly PreflightResult[]> {
  const token = await userToken(cluster, "nobody", undefined);
  const ca = await readFile(cluster.state.caFile, "utf8");
  const settings = toKubernetesSettings({ host: proxy.urls.kubernetes ?? "", token, cluster_ca_certificate: ca }, {});
  const { signal } = new AbortController();
  const work = { unseen: namespaces, needs: needsOf("secrets", SECRET_NAME, ["get", "create"], namespaces) };

  async function look(): Promise<PreflightResult["told"]> {
    const client = await createKubernetesClient(settings, { timeouts: { headers: 2_000, body: 2_000 } });
    try {
      await refuseObstacles(client, work, "Nothing was written.", { signal, log });
      return "the write will tell";
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      return error.message.includes("faults-nobody") ? "what is denied, and to whom" : "what is denied";
    } finally {
      await client.close();
    }
  }

  proxy.clear();
  await look();
  const results: PreflightResult[] = [];
  for (const call of proxy.counts()) {
    for (const fault of Object.keys(FAULTS) as FaultName[]) {
      const name = `preflight ${formatCall(call)}: ${fault}`;
      if (!isWanted(name)) continue;
      const problems: string[] = [];
      proxy.clear();
      // Its first: on a busy machine a look may end before its last.
      proxy.arm(call, { nth: 1, before: call.before[0] ?? 0 }, fault);
      const told = await look().catch((error: unknown) => {
        problems.push(ClientError.is(error) ? `it fails by itself: ${error.message}` : String(error));
        return "the write will tell" as const;
      });
      if ((await proxy.disarm()).times === 0) problems.push("the fault did not strike");
      results.push({ name, told, problems });
    }
  }
  return results;
}
