import { restartProcess, stopProcess } from "../../../sandbox";
import { expectWell } from "../support/terraform";
import {
  apiKey,
  cluster,
  counts,
  EVERY_PULL,
  ibmCloud,
  NOTHING,
  ONE_OF_EACH,
  provider,
  pullEverywhere,
  pullSecret,
  stack,
} from "./setting";

const NAMESPACE = `
resource "registry_ibmcloud_namespace" "apps" {
  issuer = "icr"
  name   = "never-made"
}
`;

/** A key of the account's user's own, which is then expired. */
async function expiredKey(): Promise<string> {
  const { id, apikey } = (await ibmCloud.iam("POST", "/v1/apikeys", { name: "old", iam_id: "IBMid-270006V8HD" })) as {
    readonly id: string;
    readonly apikey: string;
  };
  await ibmCloud.control.expireKey(id);
  return apikey;
}

/** What is said where something is wrong, and that nothing is left of it. */
export function testMistakes(): void {
  describe("IBM Cloud: mistakes", () => {
    const cases: {
      readonly [name: string]: {
        readonly hcl?: () => string;
        readonly key?: () => Promise<string>;
        readonly faults?: readonly object[];
        readonly detail: RegExp;
      };
    } = {
      "the API key is wrong": {
        key: async () => "wrong-api-key",
        detail: /Issuer "icr": .*Provided API key could not be found/s,
      },
      "the API key is expired": { key: expiredKey, detail: /Issuer "icr": .*expired/s },
      "there is no login": { key: async () => "", detail: /Issuer "icr" has no .*IBMCLOUD_API_KEY/s },
      "the login may not make service IDs": {
        key: async () => ibmCloud.credentials.readerApiKey.reveal(),
        detail: /403.*Viewer on the IAM Identity Service/s,
      },
      "the login may not make registry namespaces": {
        hcl: () => provider() + NAMESPACE,
        key: async () => ibmCloud.credentials.readerApiKey.reveal(),
        detail: /403.*Manager/s,
      },
      "IAM does not exist": {
        hcl: () => provider("", '{ iam_endpoint = "https://127.0.0.1:9" }') + apiKey(),
        detail: /127\.0\.0\.1:9 refuses connections/,
      },
      "IAM's certificate is of nobody's": {
        hcl: () => provider("", `{ iam_endpoint = "${ibmCloud.state.iam}" }`) + apiKey(),
        detail: /is not signed by a CA that is trusted here .*ca_certificate/s,
      },
      "the service ID is not there": {
        hcl: () => provider() + apiKey('service_id = "ServiceId-none"'),
        detail: /has no service ID "ServiceId-none"/,
      },
    };
    it.each(Object.entries(cases))(
      "fails when %s",
      async (_, { hcl = () => provider() + apiKey() + pullSecret(), key, detail }) => {
        if (key !== undefined) stack.env.IBMCLOUD_API_KEY = await key();
        const found = await counts();
        stack.write(hcl());
        const { code, messages, output } = await stack.apply();
        expect({ code, messages }).toMatchObject({
          code: 1,
          messages: [{ severity: "error", detail: expect.stringMatching(detail) }],
        });
        if (stack.env.IBMCLOUD_API_KEY) expect(output).not.toContain(stack.env.IBMCLOUD_API_KEY);
        expect(await counts()).toEqual(found);
      },
    );

    it("fails when IAM is down, takes nothing for gone, and goes on once it is up", async () => {
      stack.write(provider() + apiKey() + pullSecret());
      expectWell(await stack.apply());
      await stopProcess(cluster.state, "ibm-cloud");
      const { code, messages } = await stack.plan();
      await restartProcess(cluster.state, "ibm-cloud");
      expect({ code, summary: messages[0]?.summary }).toEqual({ code: 1, summary: "Unreachable" });
      for (let tries = 0; tries < 100 && !(await ibmCloud.control.inventory().catch(() => undefined)); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expect(await pullEverywhere()).toEqual(EVERY_PULL);
      expectWell(await stack.destroy());
      expect(await counts()).toEqual(NOTHING);
    });

    it("IAM's parts and the registry learn late of what was made: it is waited for", async () => {
      const json = { errors: [{ code: "not_found", message_code: "BXNIM0102E", message: "Unable to find object" }] };
      for (const pathPrefix of ["/v1/policies", "/v1/apikeys"])
        await ibmCloud.control.addFault({ listener: "iam", method: "POST", pathPrefix, status: 404, json });
      await ibmCloud.control.addFault({ listener: "us-south", pathPrefix: "/oauth/token", status: 401, json: {} });
      stack.write(provider() + apiKey() + pullSecret());
      await ibmCloud.control.clearRequests();
      expectWell(await stack.apply());
      const logins = (await ibmCloud.control.requests()).filter(({ path }) => path.startsWith("/oauth/token"));
      expect(logins.length).toBe(2);
      expect(await counts()).toEqual(ONE_OF_EACH);
      expect(await pullEverywhere()).toEqual(EVERY_PULL);
      expectWell(await stack.destroy());
      expect(await counts()).toEqual(NOTHING);
    });

    it.each(["/v1/serviceids/", "/v1/policies", "/v1/apikeys"])(
      "the answer of POST %s is lost: there is one of each",
      async (path) => {
        await ibmCloud.control.addFault({ listener: "iam", method: "POST", pathPrefix: path, drop: "after" });
        stack.write(provider() + apiKey() + pullSecret());
        expectWell(await stack.apply());
        expect(await counts()).toEqual(ONE_OF_EACH);
        expect(await pullEverywhere()).toEqual(EVERY_PULL);
        expectWell(await stack.destroy());
        expect(await counts()).toEqual(NOTHING);
      },
    );
  });
}
