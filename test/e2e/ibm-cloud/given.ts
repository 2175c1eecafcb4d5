import { ACCOUNT } from "../../../sandbox/ibm-cloud/accounts";
import { ibmCloudIssuer } from "../support/ibm-cloud";
import { expectWell } from "../support/terraform";
import {
  apiKey,
  CREATE_FIRST,
  cluster,
  counts,
  EVERY_PULL,
  ibmCloud,
  KEY,
  made,
  NOTHING,
  namespaces,
  provider,
  pullEverywhere,
  pullSecret,
  stack,
} from "./setting";

/** Takes this away from IAM again, whatever a test left of it. */
async function forget(): Promise<void> {
  const { apiKeys, serviceIds, policies } = await made();
  for (const { id } of policies) await ibmCloud.control.deletePolicy(id);
  for (const { id } of serviceIds) await ibmCloud.control.deleteServiceId(id);
  for (const { id, iamId } of apiKeys) if (iamId.startsWith("IBMid-")) await ibmCloud.control.deleteKey(id);
  expect(await counts()).toEqual(NOTHING);
}

/** What was there before: a service ID, a user's key; and a region at an endpoint of its own. */
export function testGiven(): void {
  describe("IBM Cloud: what is given", () => {
    it("a login from an ephemeral variable, a service ID that exists, a region at its endpoint; its key is imported", async () => {
      const service = (await ibmCloud.iam("POST", "/v1/serviceids/", { name: "ours", account_id: ACCOUNT.id })) as {
        readonly id: string;
        readonly iam_id: string;
      };
      await ibmCloud.iam("POST", "/v1/policies", {
        type: "access",
        subjects: [{ attributes: [{ name: "iam_id", value: service.iam_id }] }],
        roles: [{ role_id: "crn:v1:bluemix:public:iam::::serviceRole:Reader" }],
        resources: [
          {
            attributes: [
              { name: "accountId", value: ACCOUNT.id },
              { name: "serviceName", value: "container-registry" },
            ],
          },
        ],
      });
      const { IBMCLOUD_API_KEY: key } = stack.env;
      delete stack.env.IBMCLOUD_API_KEY;
      stack.env.TF_VAR_login = key;
      const eu = ibmCloud.state.regions["eu-central"].tlsUrl;
      const issuer = ibmCloudIssuer(ibmCloud, cluster.state.caFile).replace(
        /\}$/,
        `registry_endpoints = { "eu-de" = "${eu}" }\n api_key = var.login\n}`,
      );
      stack.write(`
variable "login" {
  type      = string
  ephemeral = true
}
resource "registry_ibmcloud_namespace" "eu" {
  issuer = "icr"
  name   = "made-in-eu"
  region = "eu-de"
}
${provider("", issuer)}${apiKey(`service_id = "${service.id}"\n  ${CREATE_FIRST}`)}${pullSecret()}`);
      expectWell(await stack.apply());
      const there = (await ibmCloud.control.inventory()).namespaces.filter(({ name }) => name === "made-in-eu");
      expect(there.map(({ region }) => region)).toEqual(["eu-central"]);
      expect(await pullEverywhere()).toEqual(EVERY_PULL);
      const [issued] = (await made()).apiKeys;
      expect(await stack.run("state", "rm", KEY)).toMatchObject({ code: 0 });
      expect(await stack.run("import", "-no-color", KEY, `icr/${issued?.id}`)).toMatchObject({ code: 0 });
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      expect(await counts()).toEqual({ apiKeys: 0, serviceIds: 1, policies: 1 });
      await forget();
    });

    it("a user's own key, from the environment", async () => {
      const { apikey } = (await ibmCloud.iam("POST", "/v1/apikeys", { name: "mine", iam_id: "IBMid-270006V8HD" })) as {
        readonly apikey: string;
      };
      stack.env.REGISTRY_ICR_USER_KEY = apikey;
      const hosts = JSON.stringify(ibmCloud.hosts);
      stack.write(`${provider()}
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ${JSON.stringify(namespaces())}
  registries = [{ hosts = ${hosts}, username = "iamapikey", password_env = "REGISTRY_ICR_USER_KEY" }]
}
`);
      const { output } = expectWell(await stack.apply());
      expect(output).not.toContain(apikey);
      expect(await pullEverywhere()).toEqual(EVERY_PULL);
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      expect(await counts()).toEqual({ ...NOTHING, apiKeys: 1 });
      await forget();
    });
  });
}
