import type { SecretObject } from "../../../lib/clients/kubernetes/client";
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from "../../../lib/domain/docker-config";
import { errorsOf, expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, C, cluster, hcl, PARTNER, planned, secret, stack } from "./setting";

/** What IBM Cloud makes in the namespace `default`, in short: one API key, many hosts. */
const ICR = ["us.icr.io", "de.icr.io"];

/** Entries that are copied out of another Secret: `copy_from`. */
export function testCopies(): void {
  describe("registry_pull_secret: copies", () => {
    const auth = (password: string) => ({
      username: "iamapikey",
      password,
      email: "iamapikey",
      auth: Buffer.from(`iamapikey:${password}`).toString("base64"),
    });
    const config = (hosts: readonly string[], password: string) => ({
      auths: Object.fromEntries(hosts.map((host) => [host, auth(password)])),
    });
    const encoded = (value: unknown) => ({ [DOCKER_CONFIG_KEY]: Buffer.from(JSON.stringify(value)).toString("base64") });
    /** The source lies in the test's third namespace, under a name that the roles may read. */
    const put = (data: SecretObject["data"], type = DOCKER_CONFIG_TYPE) =>
      cluster.create<SecretObject>("secrets", { type, metadata: { name: "other", namespace: C() }, ...(data ? { data } : {}) });
    const change = (value: unknown) =>
      cluster.edit<SecretObject>("secrets", C(), "other", (found) => ({ ...found, data: encoded(value) }));
    const from = (hosts?: readonly string[]) =>
      `{ copy_from = { namespace = "${C()}", name = "other"${hosts === undefined ? "" : `, hosts = ${JSON.stringify(hosts)}`} } }`;
    const contentIn = async (namespace: string) =>
      JSON.parse(Buffer.from((await secret(namespace)).data?.[DOCKER_CONFIG_KEY] ?? "", "base64").toString("utf8")) as {
        readonly auths: object;
      };

    it("all hosts, beside a credential of one's own; the source changed is drift in every copy; no secret in state and plan", async () => {
      await put(encoded(config(ICR, "hunter22-source-one")));
      await apply({ registries: `${PARTNER}, ${from()}` });
      for (const namespace of [A(), B()]) {
        const { auths } = await contentIn(namespace);
        expect(auths).toEqual({
          ...config(ICR, "hunter22-source-one").auths,
          "registry.partner.example:5000": expect.anything(),
        });
      }
      expect((await planned()).changes).toEqual({});

      await change(config([...ICR, "jp.icr.io"], "hunter22-source-two"));
      const refreshed = expectWell(await stack.plan("-refresh-only"));
      expect(refreshed.text).toContain('~ status = "in_sync" -> "outdated"');
      const seen = expectWell(await stack.plan());
      expect([seen.changes, seen.text]).toEqual([{ [ADDRESS]: ["update"] }, expect.stringContaining("~ fingerprint")]);
      expect(seen.text).toContain('~ status = "outdated" -> "in_sync"');
      expect(seen.messages).toMatchObject([
        {
          severity: "warning",
          summary: "A copied Secret changed",
          detail: expect.stringContaining(
            `(Secret "other" in namespace "${C()}") no longer holds what the copies hold, for: us.icr.io`,
          ),
        },
      ]);
      const uid = (await secret(A())).metadata.uid;
      expectWell(await stack.apply("plan.bin"));
      for (const namespace of [A(), B()])
        expect((await contentIn(namespace)).auths).toMatchObject(config([...ICR, "jp.icr.io"], "hunter22-source-two").auths);
      expect((await secret(A())).metadata.uid).toBe(uid);
      expect((await planned()).changes).toEqual({});

      // A host less is a change too; and a repair asks no one but the copies.
      await change(config(ICR, "hunter22-source-two"));
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
      expectWell(await stack.apply());
      expect(Object.keys((await contentIn(B())).auths).sort()).toEqual([...ICR, "registry.partner.example:5000"].sort());
      await cluster.delete("secrets", B(), "pull");
      expectWell(await stack.apply());
      expect(await contentIn(B())).toEqual(await contentIn(A()));

      const everything = `${(await stack.run("state", "pull")).output}${(await stack.run("show", "-json", "plan.bin")).output}`;
      for (const form of ["hunter22-source", Buffer.from("iamapikey:hunter22-source").toString("base64").slice(0, 20)])
        expect(everything).not.toContain(form);
      expectWell(await stack.destroy());
      expect((await cluster.secret(C(), "other"))?.data).toEqual(encoded(config(ICR, "hunter22-source-two")));
    });

    it("some hosts alone; a source of the same stack comes first, and is followed in one apply; imported it plans nothing new", async () => {
      const source = `
resource "registry_pull_secret" "source" {
  name       = "other"
  namespaces = ["${C()}"]
  registries = [{ hosts = ${JSON.stringify(ICR)}, username = "iamapikey", password_wo = var.password }]
}
`;
      const copy = `{ copy_from = { namespace = "${C()}", name = registry_pull_secret.source.name, hosts = ["de.icr.io"], revision = registry_pull_secret.source.fingerprint } }`;
      stack.write(`${hcl({ registries: copy })}${source}`);
      expect(expectWell(await stack.plan()).messages.filter(({ severity }) => severity === "warning")).toEqual([]);
      expectWell(await stack.apply());
      expect(Object.keys((await contentIn(A())).auths)).toEqual(["de.icr.io"]);
      expect((await planned()).changes).toEqual({});
      stack.env.TF_VAR_password = "hunter22-second";
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"], "registry_pull_secret.source": ["update"] });
      expectWell(await stack.apply("plan.bin"));
      expect((await contentIn(B())).auths).toMatchObject({ "de.icr.io": { password: "hunter22-second" } });
      expect((await planned()).changes).toEqual({});
      await stack.run("state", "rm", ADDRESS);
      expect((await stack.run("import", ADDRESS, `tests/pull-secret/pull@${A()},${B()}`)).code).toBe(0);
      expectWell(await stack.apply());
      expect((await planned()).changes).toEqual({});
      expectWell(await stack.destroy());
    });

    it("a source that the same apply changes is followed by the next one, where no revision tells of it", async () => {
      const source = `
resource "registry_pull_secret" "source" {
  name       = "other"
  namespaces = ["${C()}"]
  registries = [{ hosts = ["de.icr.io"], username = "iamapikey", password_wo = var.password }]
}
`;
      const copy = `{ copy_from = { namespace = "${C()}", name = registry_pull_secret.source.name } }`;
      stack.write(`${hcl({ registries: copy })}${source}`);
      stack.env.TF_VAR_password = "hunter22-first";
      expectWell(await stack.apply());
      // One apply writes the source, and a copy that is missing.
      stack.env.TF_VAR_password = "hunter22-second";
      await cluster.delete("secrets", B(), "pull");
      expectWell(await stack.apply());
      expect((await contentIn(B())).auths).toMatchObject({ "de.icr.io": { password: "hunter22-first" } });
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
      expectWell(await stack.apply("plan.bin"));
      for (const namespace of [A(), B()])
        expect((await contentIn(namespace)).auths).toMatchObject({ "de.icr.io": { password: "hunter22-second" } });
      expect((await planned()).changes).toEqual({});
      expectWell(await stack.destroy());
    });

    it("fails at plan for what can't be copied, and names the attribute", async () => {
      const errorOf = async (registries: string) => {
        stack.write(hcl({ registries }));
        return errorsOf(await stack.plan()).map(({ summary, detail }) => `${summary}: ${detail}`);
      };
      await put({ token: "eA==" }, "Opaque");
      expect(await errorOf(from())).toEqual([expect.stringMatching(/^Not a docker-registry Secret: .* is of type "Opaque"/)]);
      await cluster.delete("secrets", C(), "other");
      await put(
        { ".dockercfg": Buffer.from(JSON.stringify(config(ICR, "x").auths)).toString("base64") },
        "kubernetes.io/dockercfg",
      );
      expect(await errorOf(from())).toEqual([expect.stringContaining("the form of before 2015")]);
      await cluster.delete("secrets", C(), "other");

      await put(encoded({ auths: {} }));
      expect(await errorOf(from())).toEqual([expect.stringMatching(/^Nothing to copy: .*\(it has nothing\)/)]);
      await change(config(["registry.partner.example:5000"], "x"));
      expect(await errorOf(from(["us.icr.io"]))).toEqual([
        expect.stringMatching(
          /^Host is not in the source: .*has no credential for "us\.icr\.io".* It has registry\.partner\.example:5000\./,
        ),
      ]);
      expect(await errorOf(`${PARTNER}, ${from()}`)).toEqual([
        expect.stringMatching(
          /^Two entries for one registry host: .*registry\.partner\.example:5000, which stands in registries\[0\] already/,
        ),
      ]);
      expect(await errorOf(from().replace('"other"', '"pull"').replace(C(), A()))).toEqual([
        expect.stringMatching(/^A copy of itself: /),
      ]);
      expect(await cluster.secret(A(), "pull")).toBeUndefined();
    });

    it("fails when the source is gone, or may not be read: nothing is written, and what is there stays", async () => {
      stack.write(hcl({ registries: from() }));
      expect(errorsOf(await stack.apply())).toMatchObject([
        { summary: "Source of a copy does not exist", detail: expect.stringContaining(`Secret "other" in namespace "${C()}"`) },
      ]);
      await put(encoded(config(ICR, "hunter22-source-one")));
      await apply({ registries: from() });
      const before = await secret(A());
      await cluster.delete("secrets", C(), "other");
      const without = expectWell(await stack.plan());
      expect([without.changes, without.messages]).toMatchObject([
        {},
        [{ severity: "warning", summary: "Source of a copy does not exist" }],
      ]);
      await cluster.delete("secrets", B(), "pull");
      expectWell(await stack.apply());
      expect(await contentIn(B())).toEqual(await contentIn(A()));
      await put(encoded({ auths: { "us.icr.io": {} } }));
      expect(expectWell(await stack.plan()).messages).toMatchObject([{ severity: "warning", summary: "Nothing to copy" }]);
      await cluster.delete("secrets", C(), "other");
      stack.write(hcl({ registries: from().replace('"other"', '"hidden"') }));
      const applied = await stack.apply();
      expect(errorsOf(applied)).toMatchObject([
        { summary: "Not allowed", detail: expect.stringContaining("the verb get on secrets") },
      ]);
      expect((await secret(A())).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
      // Terraform plans before it destroys: a source that is gone stops neither.
      stack.write(hcl({ registries: from() }));
      expectWell(await stack.destroy());
    });
  });
}
