import type { SecretObject } from "../../../lib/clients/kubernetes/client";
import { expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, cluster, planned, secret, stack } from "./setting";

/** What others did to a Secret is seen by namespace, and repaired. */
export function testDrift(): void {
  describe("registry_pull_secret: drift", () => {
    const withMetadata = (change: (metadata: SecretObject["metadata"]) => SecretObject["metadata"]) => () =>
      cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({ ...object, metadata: change(object.metadata) }));
    const cases: { readonly [name: string]: { readonly drift: () => Promise<void>; readonly status: string } } = {
      "edited content": {
        drift: () =>
          cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
            ...object,
            data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
          })),
        status: "edited",
      },
      "a further key": {
        drift: () =>
          cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({ ...object, data: { ...object.data, more: "eA==" } })),
        status: "edited",
      },
      "a deleted Secret": { drift: () => cluster.delete("secrets", B(), "pull"), status: "missing" },
      "our label removed": { drift: withMetadata((metadata) => ({ ...metadata, labels: {} })), status: "edited" },
      "our owner annotation removed": {
        drift: withMetadata(({ annotations, ...metadata }) => {
          const { "registry-access/owner": _, ...rest } = annotations ?? {};
          return { ...metadata, annotations: rest };
        }),
        status: "edited",
      },
      "another type": {
        drift: async () => {
          const { metadata } = await secret(B());
          const { name, namespace, labels, annotations } = metadata as Required<typeof metadata>;
          await cluster.delete("secrets", B(), "pull");
          await cluster.create<SecretObject>("secrets", { type: "Opaque", metadata: { name, namespace, labels, annotations } });
        },
        status: "edited",
      },
      "frozen with other content": {
        drift: () =>
          cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
            ...object,
            immutable: true,
            data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
          })),
        status: "edited",
      },
      "another resource of the same owner": {
        drift: withMetadata((metadata) => ({
          ...metadata,
          annotations: { ...metadata.annotations, "registry-access/instance": "0123456789abcdef" },
        })),
        status: "foreign",
      },
    };
    it.each(Object.entries(cases))("%s is seen by namespace, and repaired", async (_, { drift, status }) => {
      await apply();
      const { data } = await secret(A());
      await drift();
      const { changes, text } = await planned();
      expect(changes).toEqual({ [ADDRESS]: ["update"] });
      expect(text).toMatch(new RegExp(`~ "${B()}" = \\{\\s+~ status = "${status}" -> "in_sync"`));
      expect(text).not.toContain("fingerprint");
      expectWell(await stack.apply());
      expect(await secret(B())).toMatchObject({ type: "kubernetes.io/dockerconfigjson", data });
      expect((await planned()).changes).toEqual({});
    });

    it("another spelling of the same content is none", async () => {
      await apply();
      const pretty = JSON.stringify(await cluster.dockerConfig(B(), "pull"), null, 2);
      await cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
        ...object,
        data: { ".dockerconfigjson": Buffer.from(pretty).toString("base64") },
      }));
      expect((await planned()).changes).toEqual({});
    });

    it("everything gone keeps the resource", async () => {
      await apply();
      await Promise.all([A(), B()].map((namespace) => cluster.delete("secrets", namespace, "pull")));
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
      expectWell(await stack.apply());
      expect(await cluster.dockerConfig(A(), "pull")).toMatchObject({
        auths: { "registry.partner.example:5000": { password: "hunter22-first" } },
      });
    });
  });
}
