import { onNode } from "../support/node";
import { podsOf } from "../support/pods";
import { expectWell } from "../support/terraform";
import {
  apiKey,
  cluster,
  counts,
  EVERY_PULL,
  ibmCloud,
  KEY,
  made,
  NOTHING,
  namespaces,
  ONE_OF_EACH,
  provider,
  pullEverywhere,
  pullSecret,
  stack,
  stored,
} from "./setting";

const PATCH = () => `
resource "registry_service_account_patch" "pull" {
  namespaces   = ${JSON.stringify(namespaces())}
  pull_secrets = [registry_pull_secret.pull.name]
}
`;
const REGISTRY_NAMESPACE = `
resource "registry_ibmcloud_namespace" "apps" {
  issuer = "icr"
  name   = "apps-of-tests"
}
`;

/** The whole life: made, pulled with host by host, nothing to do, gone. */
export function testBasics(): void {
  describe("IBM Cloud: basic", () => {
    it("one deploy makes key and right, every namespace pulls from every host, and destroy leaves nothing", async () => {
      const pristine = await ibmCloud.control.inventory();
      stack.write(provider() + apiKey() + pullSecret() + PATCH() + REGISTRY_NAMESPACE);
      expectWell(await stack.apply());
      expect(await counts()).toEqual(ONE_OF_EACH);
      const { apiKeys, serviceIds, policies } = await made();
      expect(policies[0]?.body.roles).toEqual([{ role_id: "crn:v1:bluemix:public:iam::::serviceRole:Reader" }]);
      expect(await pullEverywhere()).toEqual(EVERY_PULL);
      expect(await stored(namespaces()[0], ibmCloud.hosts[1])).toMatchObject({
        username: "iamapikey",
        password: apiKeys[0]?.value,
      });
      expect(await stack.attributes(KEY)).toMatchObject({
        credential_id: `icr/${apiKeys[0]?.id}`,
        iam_id: serviceIds[0]?.iamId,
        policy_id: policies[0]?.id,
        hosts: ibmCloud.hosts,
        username: "iamapikey",
        status: "active",
      });
      expect((await ibmCloud.control.inventory()).namespaces.map(({ name }) => name)).toContain("apps-of-tests");
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      expect(await counts()).toEqual(NOTHING);
      expect(await ibmCloud.control.inventory()).toEqual(pristine);
      expect(await cluster.secret(namespaces()[0], "pull")).toBeUndefined();
    });

    onNode("a kubelet pulls with it, from each host", async () => {
      stack.write(provider() + apiKey() + pullSecret() + PATCH());
      expectWell(await stack.apply());
      const [namespace] = namespaces();
      const pods = podsOf(cluster, namespace);
      for (const [index, host] of ibmCloud.hosts.entries()) {
        await pods.createPod(`app-${index}`, { image: `${host}/team/app:latest` });
        await pods.running(`app-${index}`, 1);
      }
      const other = podsOf(cluster, "default");
      await other.createPod("without-secret", { image: `${ibmCloud.hosts[1]}/acme/app:latest` });
      expect(await other.pullFailure("without-secret")).toMatch(/401|authoriz/i);
      await cluster.delete("pods", "default", "without-secret");
      expectWell(await stack.destroy());
    });
  });
}
