/** Which client certificate the API server sees, when an exec plugin gives one after another. */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import type { KubernetesClient } from "../../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../../lib/clients/kubernetes/create-client";
import { clusterId } from "../../../lib/clients/kubernetes/namespaces";
import { createAuthority, issueCertificate, type KeyPair } from "../../../sandbox/certificates";
import { NO_SETTINGS } from "./settings";

const HOUR = 3_600_000;
const signal = AbortSignal.timeout(60_000);
let folder: string;
let authority: KeyPair;
let server: Server;
let now = 0;
/** Of each request, the common name that its connection showed. */
const seen: (string | undefined)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "registry-access-certificates-"));
  authority = await createAuthority("tests");
  const { certificate, key } = await issueCertificate(authority, { commonName: "api", hosts: ["127.0.0.1"] });
  const options = { cert: certificate, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
  server = createServer(options, ({ socket }, response) => {
    seen.push([(socket as TLSSocket).getPeerCertificate().subject?.CN].flat()[0]);
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"kind":"Namespace","metadata":{"name":"kube-system","uid":"u1"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  seen.length = 0;
});

/** A plugin that prints the next of these certificates at each run, and the last one for ever; each is good for an hour. */
async function pluginFor(names: readonly string[]): Promise<string> {
  const pairs = await Promise.all(names.map((commonName) => issueCertificate(authority, { commonName })));
  await Promise.all(
    pairs.map(({ certificate, key }, index) => {
      const expirationTimestamp = new Date((index + 1) * HOUR).toISOString();
      const credential = { clientCertificateData: certificate, clientKeyData: key, expirationTimestamp };
      const printed = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: credential };
      return writeFile(join(folder, `${index}.json`), JSON.stringify(printed));
    }),
  );
  const plugin = join(folder, "plugin.sh");
  const last = names.length - 1;
  await writeFile(
    plugin,
    `#!/bin/sh\ncd "$(dirname "$0")"\nn=$(cat count 2>/dev/null || echo 0)\n[ "$n" -lt ${last} ] && echo $((n + 1)) > count\ncat "$n.json"\n`,
  );
  await chmod(plugin, 0o755);
  return plugin;
}

async function withClient(command: string, use: (client: KubernetesClient) => Promise<void>): Promise<void> {
  const client = await createKubernetesClient(
    {
      ...NO_SETTINGS,
      host: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      clusterCaCertificate: authority.certificate,
      exec: { apiVersion: "client.authentication.k8s.io/v1", command, args: [], env: {} },
    },
    { env: {}, sleep: async () => undefined, clock: () => now },
  );
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

test("a plugin's certificate is shown, and the next one once it has expired", async () => {
  await withClient(await pluginFor(["ada", "grace"]), async (client) => {
    for (now of [0, HOUR / 2, HOUR + 1]) expect(await clusterId(client, signal)).toBe("u1");
  });
  expect(seen).toEqual(["ada", "ada", "grace"]);
});
