import { readFile } from "node:fs/promises";
import { ClientError } from "../../../lib/clients/client-error";
import { createContainerRegistryClient } from "../../../lib/clients/container-registry/client";
import { readCredentials, type SandboxState } from "../../../sandbox";
import { issueCertificate } from "../../../sandbox/certificates";
import {
  type Call,
  FAULTS,
  type FaultName,
  formatCall,
  registryRefusal,
  startFaultProxy,
  startWitness,
} from "../../../sandbox/fault-proxy";
import type { Outcome } from "./cases";

/** How a look at a container registry ended under a fault. */
export interface PullResult {
  readonly call: Call;
  readonly fault: FaultName;
  readonly outcome: Outcome;
  readonly problems: readonly string[];
}

const REPOSITORY = "partner/app";
/** The most that is read of any answer is 32 MiB, of a blob; the rest lies in buffers. */
const MOST_READ = 48 * 1024 ** 2;

/** Resolves an image and reads its configuration with our registry client, each of its calls with every fault that is wanted. */
export async function strikePullCheck(state: SandboxState, isWanted: (name: string) => boolean): Promise<readonly PullResult[]> {
  const [ca = "", key = ""] = await Promise.all(
    [state.caFile, state.caFile.replace(/\.crt$/, ".key")].map((file) => readFile(file, "utf8")),
  );
  const tls = await issueCertificate({ certificate: ca, key }, { commonName: "faults", hosts: ["127.0.0.1", "localhost"] });
  const witness = await startWitness(tls);
  const { origin } = new URL(state.bluemix.realm);
  const proxy = await startFaultProxy({
    services: {
      "container registry": {
        url: state.registries.private.url,
        refusal: registryRefusal,
        realm: { service: "token server", origin },
      },
      "token server": { url: origin, refusal: registryRefusal },
    },
    ca,
    tls,
    elsewhere: witness.url,
  });
  const { partner } = readCredentials(state.credentialsFile);
  const { signal } = new AbortController();

  async function look(): Promise<void> {
    const client = createContainerRegistryClient({
      host: new URL(proxy.urls["container registry"]).host,
      credential: { username: partner.username, password: partner.password },
      additionalCa: ca,
      timeouts: { headers: 2_000, body: 2_000 },
    });
    try {
      const head = await client.headManifest(REPOSITORY, "latest", signal);
      const manifest = await client.getManifest(REPOSITORY, "latest", signal);
      const config = configOf(manifest?.body.toString("utf8") ?? "");
      const blob = await client.getBlob(REPOSITORY, config, signal);
      if (head === undefined || manifest === undefined || blob === undefined)
        throw new ClientError("not_found", `${proxy.urls["container registry"]} has no ${REPOSITORY}`);
    } finally {
      await client.close();
    }
  }

  try {
    proxy.clear();
    await look();
    const calls = proxy.counts();
    const results: PullResult[] = [];
    for (const call of calls) {
      for (const fault of Object.keys(FAULTS) as FaultName[]) {
        if (!isWanted(`pull check ${formatCall(call)}: ${fault}`)) continue;
        const problems: string[] = [];
        const seen = witness.seen.length;
        proxy.clear();
        // Its last: the first one of a repository is answered with a challenge in any case.
        proxy.arm(call, { nth: call.count, before: call.before.at(-1) ?? 0 }, fault);
        const error = await look().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        const { times, sentBytes } = await proxy.disarm();
        if (times === 0) problems.push("the fault did not strike");
        if (sentBytes > MOST_READ) problems.push(`${sentBytes} bytes of a huge answer were read`);
        for (const line of witness.seen.slice(seen))
          if (!line.endsWith("with no credential")) problems.push(`a credential followed a redirect: ${line}`);
        if (error !== undefined && !ClientError.is(error)) problems.push(`no error of a client: ${String(error)}`);
        if (error !== undefined && String(error).includes(partner.password.reveal())) problems.push("a secret in the error");
        await look().catch((thrown: unknown) => problems.push(`the next look fails: ${String(thrown)}`));
        const { service, method, template } = call;
        results.push({
          call: { service, method, template },
          fault,
          outcome: error === undefined ? "converges" : "diagnostic",
          problems: problems.map((problem) => `${formatCall(call)}: ${fault}: ${problem}`),
        });
      }
    }
    return results;
  } finally {
    await Promise.all([proxy.close(), witness.close()]);
  }
}

/** The digest of an image's configuration. */
function configOf(manifest: string): string {
  try {
    return (JSON.parse(manifest) as { readonly config: { readonly digest: string } }).config.digest;
  } catch {
    throw new ClientError("malformed", "The manifest is no manifest of an image.");
  }
}
