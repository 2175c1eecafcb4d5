import type { SecretObject } from "../../../lib/clients/kubernetes/client";
import { readLogins } from "../../../lib/domain/docker-config";
import { Secret } from "../../../lib/domain/secret";
import { openBluemix } from "../support/emulator";
import { expectWell } from "../support/terraform";
import { startWatch } from "../support/watch";
import {
  apiKey,
  CREATE_FIRST,
  cluster,
  counts,
  EVERY_PULL,
  ibmCloud,
  NOTHING,
  namespaces,
  provider,
  pullEverywhere,
  pullSecret,
  SECRET,
  stack,
  stored,
} from "./setting";

/** Moving a running fleet from registry tokens to API keys. */
export function testMigration(): void {
  describe("IBM Cloud: from registry tokens to API keys", () => {
    it("one deploy: every Secret holds the new credential before the old token is revoked", async () => {
      const { control, credentials } = openBluemix(cluster.state);
      const [us] = ibmCloud.hosts;
      const { url } = cluster.state.bluemix.regions["us-south"];
      stack.env.BLUEMIX_API_KEY = credentials.bluemix.apiKey.reveal();
      const bluemix = `
    old = { bluemix = {
      api_endpoint      = "${url}"
      registry_endpoint = "${url}"
      hosts             = ["${us}"]
      organization      = "acme"
    } }`;
      const token = `
resource "registry_token" "old" {
  issuer = "old"
  name   = "pull"
  ${CREATE_FIRST}
}
`;
      const secretOf = (credential: string) => pullSecret(credential).replace(JSON.stringify(ibmCloud.hosts), `["${us}"]`);
      stack.write(provider(bluemix) + token + secretOf("registry_token.old.credential_id"));
      expectWell(await stack.apply());
      expect((await stored(namespaces()[0], us))?.username).toBe("token");
      expect((await pullEverywhere()).filter((_, index) => index % 2 === 0)).toEqual([200, 200]);

      const watch = await startWatch<SecretObject>(cluster.state, "secrets", "pull");
      await control.clearRequests();
      // The old issuer stays until its token is revoked. The token was made with create_before_destroy, and so Terraform keeps the order.
      stack.write(provider(bluemix) + apiKey() + pullSecret());
      expect(expectWell(await stack.plan()).changes).toEqual({
        "registry_ibmcloud_api_key.pull": ["create"],
        "registry_token.old": ["delete"],
        [SECRET]: ["update"],
      });
      expectWell(await stack.apply("plan.bin"));
      watch.stop();
      const revoked = (await control.requests()).find(
        ({ method, path }) => method === "DELETE" && path.startsWith("/api/v1/tokens/"),
      );
      const moved = watch.events.flatMap(({ type, object: { metadata, data } }) => {
        const content = Secret.of(Buffer.from(data?.[".dockerconfigjson"] ?? "", "base64").toString("utf8"));
        const users = readLogins(content).map(({ username }) => username);
        return type === "MODIFIED" && namespaces().includes(metadata.namespace ?? "") && users.join() === "iamapikey"
          ? [metadata]
          : [];
      });
      expect(moved.map(({ namespace }) => namespace).sort()).toEqual([...namespaces()].sort());
      expect(watch.events.filter(({ type }) => type === "DELETED")).toEqual([]);
      // Both were written before the request that revokes came in: by the managers' own time, which is in whole seconds.
      const written = moved.flatMap(({ managedFields = [] }) =>
        managedFields.map((field) => Date.parse((field as { readonly time?: string }).time ?? "")),
      );
      const revokedAt = Date.parse(revoked?.time ?? "");
      expect(written.length).toBeGreaterThanOrEqual(2);
      expect(Math.max(...written)).toBeLessThanOrEqual(revokedAt);
      expect(await pullEverywhere()).toEqual(EVERY_PULL);

      stack.write(provider() + apiKey() + pullSecret());
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      expect(await counts()).toEqual(NOTHING);
    });

    it("where the token can't be revoked the fleet is on API keys already", async () => {
      const { control, credentials } = openBluemix(cluster.state);
      const [us] = ibmCloud.hosts;
      const { url } = cluster.state.bluemix.regions["us-south"];
      stack.env.BLUEMIX_API_KEY = credentials.bluemix.apiKey.reveal();
      const issuer = `old = { bluemix = { api_endpoint = "${url}", registry_endpoint = "${url}", hosts = ["${us}"], organization = "acme" } }`;
      stack.write(`${provider(issuer)}resource "registry_token" "old" {
  issuer = "old"
  name   = "pull"
  ${CREATE_FIRST}
}
${pullSecret("registry_token.old.credential_id").replace(JSON.stringify(ibmCloud.hosts), `["${us}"]`)}`);
      expectWell(await stack.apply());
      await control.addFault({ method: "DELETE", pathPrefix: "/api/v1/tokens/", status: 403, times: 100 });
      stack.write(provider(issuer) + apiKey() + pullSecret());
      expect((await stack.apply()).code).toBe(1);
      await control.clearFaults();
      expect(await pullEverywhere()).toEqual(EVERY_PULL);
      expect((await stored(namespaces()[1], us))?.username).toBe("iamapikey");
      expectWell(await stack.apply());
      expectWell(await stack.destroy());
    });
  });
}
