import { Secret } from "../../../../lib/domain/secret";
import { formatTokenDescription } from "../../../../lib/domain/token-mark";
import { createIssuer } from "../../../../lib/issuers";
import type { ConfiguredProvider } from "../../../../lib/provider/configured/provider";
import type { TypeContext } from "../../../../lib/provider/framework/definition";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import { ibmcloudApiKeyResource as resource } from "../../../../lib/provider/resources/ibmcloud-api-key";
import { startTestServer, type TestServer } from "../../../clients/test-server";
import { createFakeIam } from "../../../issuers/ibmcloud/iam";

const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const description = formatTokenDescription("ci", { owner: "o", name: "pull", number: 3, keep: false, nonce: "00" });

let server: TestServer;
afterEach(() => server.close());

async function start() {
  const iam = createFakeIam();
  server = await startTestServer((request) => iam.answer(request));
  const settings = { kind: "ibmcloud", name: "icr", iamEndpoint: server.url, hosts: ["us.icr.io"] } as const;
  const issuer = createIssuer(
    { ...settings, apiKey: Secret.of("login-key") },
    { env: { REGISTRY_ACCESS_ENDPOINTS: `us.icr.io=${server.url}` } },
  );
  const issuers = { names: ["icr"], isKnown: () => true, check: nothing, getOf: async () => issuer };
  const runtime = { clock: () => new Date(0), random: () => 0 };
  const said: Diagnostic[] = [];
  const context: TypeContext<ConfiguredProvider> = {
    provider: { owner: "o", issuers, runtime } as unknown as ConfiguredProvider,
    signal: AbortSignal.timeout(20_000),
    log,
    report: (diagnostic) => void said.push(diagnostic),
  };
  return { iam, issuer, said, read: async (id: string) => (await resource.importState?.(id, context))?.state };
}

test("one of ours: name, number and the service ID made with it are read from the marks", async () => {
  const { issuer, said, read } = await start();
  const signal = AbortSignal.timeout(20_000);
  await issuer.apiKeys({ serviceId: null }).issue({ name: "pull", description, expiresAt: null }, signal);
  expect(await read("icr/ApiKey-3")).toMatchObject({
    id: "icr/ApiKey-3",
    credential_id: "icr/ApiKey-3",
    name: "pull",
    description: "ci",
    number: 3,
    service_id: null,
    iam_id: "iam-ServiceId-1",
    policy_id: "policy-2",
    hosts: ["us.icr.io"],
    username: "iamapikey",
    status: "active",
  });
  expect(said).toEqual([]);
});

test("one that was made by hand: its service ID stays, and a warning says whose it is now", async () => {
  const { iam, said, read } = await start();
  iam.services.set("ServiceId-s", { id: "ServiceId-s", iam_id: "iam-ServiceId-s", description: "cluster" });
  iam.keys.set("ApiKey-h", { id: "ApiKey-h", iam_id: "iam-ServiceId-s", description: "by hand", apikey: "value-h" });
  expect(await read("icr/ApiKey-h")).toMatchObject({
    service_id: "ServiceId-s",
    policy_id: null,
    number: null,
    status: "active",
  });
  expect(said).toMatchObject([{ severity: "warning", summary: "Imported an API key that was issued by hand" }]);
});

test("fails when it is a user's own key", async () => {
  const { iam, read } = await start();
  iam.keys.set("ApiKey-u", { id: "ApiKey-u", iam_id: "IBMid-1", description: "mine" });
  await expect(read("icr/ApiKey-u")).rejects.toMatchObject({ diagnostics: [{ summary: "A user's own API key" }] });
});

test("fails when there is none of this id", async () => {
  const { read } = await start();
  await expect(read("icr/ApiKey-none")).rejects.toMatchObject({ diagnostics: [{ summary: "No API key matches" }] });
});

test("fails when it was made without store_value: no Secret could hold it", async () => {
  const { iam, read } = await start();
  iam.services.set("ServiceId-s", { id: "ServiceId-s", iam_id: "iam-ServiceId-s", description: "cluster" });
  iam.keys.set("ApiKey-h", { id: "ApiKey-h", iam_id: "iam-ServiceId-s", description: "by hand", apikey: "" });
  const detail = expect.stringMatching(/was not imported: .*keeps no value of API key "ApiKey-h"/);
  await expect(read("icr/ApiKey-h")).rejects.toMatchObject({ diagnostics: [{ detail }] });
});
