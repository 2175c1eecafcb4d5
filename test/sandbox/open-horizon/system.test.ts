import { constants, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawCredentials } from "../../../sandbox/bluemix/accounts";
import { drawOpenHorizonCredentials } from "../../../sandbox/open-horizon/accounts";
import { faultOfSignature } from "../../../sandbox/open-horizon/agent/verify-signature";
import { createServiceSigningKey } from "../../../sandbox/open-horizon/signing-key";
import type { OpenHorizonState } from "../../../sandbox/open-horizon/state";
import { formatStatus } from "../../../sandbox/report";
import type { SandboxState } from "../../../sandbox/state";
import { startedSystems } from "../../../sandbox/systems/registered";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "open-horizon-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const modeOf = (file: string): number => statSync(file).mode & 0o777;

test("the signing key is RSA of 4096 bits, its files are their owner's, and an agent takes its certificate", async () => {
  const { privateKeyFile, publicKeyFile } = await createServiceSigningKey(folder, "acme");
  expect([modeOf(privateKeyFile), modeOf(publicKeyFile)]).toEqual([0o600, 0o600]);
  const key = readFileSync(privateKeyFile, "utf8");
  expect(key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN };
  const signature = sign("sha256", Buffer.from("text"), pss);
  expect(signature).toHaveLength(4096 / 8);
  expect(faultOfSignature("text", signature.toString("base64"), readFileSync(publicKeyFile, "utf8"))).toBeUndefined();
}, 60_000);

test("the example's environment is hzn's own; the status names where everything is, and no secret", async () => {
  const own = join(folder, "credentials-open-horizon.json");
  const credentials = await drawOpenHorizonCredentials(own);
  const sandboxs = join(folder, "credentials.json");
  const { partner } = await drawCredentials(sandboxs);
  const state: OpenHorizonState = {
    exchange: "https://127.0.0.1:1/v1",
    organization: "acme",
    image: "127.0.0.1:2/partner/gps_amd64:1.2.3",
    imageDigest: "sha256:0",
    control: "http://127.0.0.1:3",
    credentialsFile: own,
    privateKeyFile: "/service.private.key",
    publicKeyFile: "/service.public.pem",
  };
  const sandbox = {
    name: "one",
    caFile: "/ca.crt",
    credentialsFile: sandboxs,
    registries: { private: { host: "127.0.0.1:2", url: "http://127.0.0.1:2" }, public: { host: "127.0.0.1:4", url: "" } },
    bluemix: { regions: {} },
    systems: { "open-horizon": state },
  } as unknown as SandboxState;
  const [system] = startedSystems(sandbox.systems);
  expect(system?.variables(sandbox)).toEqual({
    HZN_EXCHANGE_URL: "https://127.0.0.1:1/v1",
    HZN_ORG_ID: "acme",
    HZN_EXCHANGE_USER_AUTH: `ada:${credentials.publisher.reveal()}`,
    HZN_MGMT_HUB_CERT_PATH: "/ca.crt",
    HZN_PRIVATE_KEY_FILE: "/service.private.key",
    HZN_PUBLIC_KEY_FILE: "/service.public.pem",
  });
  const status = formatStatus({ name: "one", status: "up", processes: [], state: sandbox });
  expect(status).toMatch(/^ *Open Horizon exchange +https:\/\/127\.0\.0\.1:1\/v1, organization acme$/m);
  expect(status).toContain(join(folder, "edge-node", "certs.d"));
  expect(modeOf(own)).toBe(0o600);
  for (const secret of [...Object.values(credentials), partner.password]) {
    expect(status).not.toContain(secret.reveal());
  }
});
