import { expectWell } from "../support/terraform";
import {
  apiKey,
  CREATE_FIRST,
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
  SECRET,
  stack,
  stored,
} from "./setting";

const firstOf = async (what: "apiKeys" | "serviceIds" | "policies"): Promise<string> => (await made())[what][0]?.id ?? "";

/** What somebody does in IAM by hand, and rotation. */
export function testDrift(): void {
  describe("IBM Cloud: drift", () => {
    const cases: {
      readonly [name: string]: { readonly happen: () => Promise<unknown>; readonly status: string; readonly pulls: number };
    } = {
      "the key was deleted": {
        happen: async () => ibmCloud.control.deleteKey(await firstOf("apiKeys")),
        status: "deleted",
        pulls: 401,
      },
      "the key was disabled": {
        happen: async () => ibmCloud.control.disableKey(await firstOf("apiKeys")),
        status: "disabled",
        pulls: 401,
      },
      "the policy was removed": {
        happen: async () => ibmCloud.control.deletePolicy(await firstOf("policies")),
        status: "unauthorized",
        pulls: 401,
      },
      "the policy was widened": {
        happen: async () => {
          const [policy] = (await made()).policies;
          if (policy === undefined) throw new Error("no policy was made");
          const { id, body } = policy;
          const roles = [{ role_id: "crn:v1:bluemix:public:iam::::serviceRole:Manager" }];
          await ibmCloud.iam("PUT", `/v1/policies/${id}`, { ...body, roles }, { "if-match": `1-${id.replaceAll("-", "")}` });
        },
        status: "rights_changed",
        pulls: 200,
      },
      "the service ID was deleted": {
        happen: async () => ibmCloud.control.deleteServiceId(await firstOf("serviceIds")),
        status: "deleted",
        pulls: 401,
      },
    };
    it.each(Object.entries(cases))("%s: it is planned anew with the reason, and healed", async (_, { happen, status, pulls }) => {
      stack.write(provider() + apiKey() + pullSecret());
      expectWell(await stack.apply());
      const [before] = (await made()).apiKeys;
      await happen();
      expect(await pullEverywhere()).toEqual([pulls, pulls, pulls, pulls]);
      const { changes, text } = expectWell(await stack.plan());
      expect(changes).toEqual({ [KEY]: ["create", "delete"], [SECRET]: ["update"] });
      expect(text).toMatch(new RegExp(`status\\s+= "${status}" -> "active" # forces replacement`));
      expectWell(await stack.apply("plan.bin"));
      expect(await pullEverywhere()).toEqual(EVERY_PULL);
      expect(await stored(namespaces()[0], ibmCloud.hosts[0])).not.toMatchObject({ password: before?.value });
      expect(await counts()).toEqual(ONE_OF_EACH);
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      expect(await counts()).toEqual(NOTHING);
    });

    it("one that expires is renewed before its time, and once its time is over", async () => {
      stack.write(
        provider() + apiKey(`lifetime_seconds = 7200\n  renew_before_seconds = 3600\n  ${CREATE_FIRST}`) + pullSecret(),
      );
      expectWell(await stack.apply());
      expect(expectWell(await stack.plan()).changes).toEqual({});
      const [first] = (await made()).apiKeys;
      // As if an hour and a half had gone by.
      const soon = new Date(Date.now() + 1800_000).toISOString();
      await ibmCloud.iam("PUT", `/v1/apikeys/${first?.id}`, { expires_at: `${soon.slice(0, 16)}+0000` }, { "if-match": "*" });
      const due = expectWell(await stack.plan());
      expect(due.text).toMatch(/status\s+= "renewal_due" -> "active" # forces replacement/);
      expectWell(await stack.apply("plan.bin"));
      expect(await counts()).toEqual(ONE_OF_EACH);
      await ibmCloud.control.expireKey(await firstOf("apiKeys"));
      expect(await pullEverywhere()).toEqual([401, 401, 401, 401]);
      expect(expectWell(await stack.plan()).text).toMatch(/status\s+= "expired" -> "active" # forces replacement/);
      expectWell(await stack.apply("plan.bin"));
      expect(await pullEverywhere()).toEqual(EVERY_PULL);
      expectWell(await stack.destroy());
      expect(await counts()).toEqual(NOTHING);
    });

    it("a registry namespace that was deleted is made again; one that is there is not taken over, and can be imported", async () => {
      const namespace = (name: string) => `
resource "registry_ibmcloud_namespace" "apps" {
  issuer = "icr"
  name   = "${name}"
}
`;
      const address = "registry_ibmcloud_namespace.apps";
      stack.write(provider() + namespace("made-by-tests"));
      expectWell(await stack.apply());
      await ibmCloud.control.deleteNamespace("us-south", "made-by-tests");
      expect(expectWell(await stack.plan()).changes).toEqual({ [address]: ["create"] });
      expectWell(await stack.apply());
      expectWell(await stack.destroy());
      stack.write(provider() + namespace("team"));
      expect((await stack.apply()).messages).toMatchObject([{ summary: "Registry namespace is there already", address }]);
      expect(await stack.run("import", "-no-color", address, "icr/team")).toMatchObject({ code: 0 });
      const { messages } = await stack.destroy();
      expect(messages).toMatchObject([{ summary: "Registry namespace is not empty" }]);
      const left = await ibmCloud.control.inventory();
      expect(left.namespaces.filter(({ region }) => region === "us-south").map(({ name }) => name)).toEqual(["acme", "team"]);
    });
  });
}
