import type { SecretObject } from "../../../lib/clients/kubernetes/client";
import { expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, C, cluster, hcl, planned, secret, stack } from "./setting";

/** What is written, read back, followed in place and taken away. */
export function testBasics(): void {
  describe("registry_pull_secret: basic", () => {
    it("writes exactly what kubectl would, in each namespace", async () => {
      await apply({ rest: 'labels = { team = "x" }' });
      const { metadata, type, data } = await secret(A());
      const state = await stack.attributes<{ instance: string; targets: object; id: string }>(ADDRESS);
      expect({ type, data, labels: metadata.labels, annotations: metadata.annotations }).toEqual({
        type: "kubernetes.io/dockerconfigjson",
        data: {
          ".dockerconfigjson": Buffer.from(
            `{"auths":{"registry.partner.example:5000":{"username":"acme","password":"hunter22-first","email":"a@b.c","auth":"${Buffer.from("acme:hunter22-first").toString("base64")}"}}}`,
          ).toString("base64"),
        },
        labels: { team: "x", "app.kubernetes.io/managed-by": "registry-access" },
        annotations: { "registry-access/owner": "tests/pull-secret", "registry-access/instance": state?.instance },
      });
      expect(state).toMatchObject({
        id: "tests/pull-secret/pull",
        targets: { [A()]: { status: "in_sync" }, [B()]: { status: "in_sync" } },
      });
      expect(await cluster.secret(C(), "pull")).toBeUndefined();
    });

    it("plans nothing the second time, refreshed or not", async () => {
      await apply();
      expect((await planned()).changes).toEqual({});
      expect(expectWell(await stack.plan("-refresh=false")).changes).toEqual({});
      expect(expectWell(await stack.plan("-refresh-only")).text).toContain("No changes");
    });

    it("reads back nothing secret into state and plan", async () => {
      await apply();
      stack.env.TF_VAR_password = "hunter22-second";
      expectWell(await stack.plan());
      const shown = await Promise.all([
        stack.run("show", "-json"),
        stack.run("show", "-json", "plan.bin"),
        stack.run("state", "pull"),
      ]);
      expect(shown.filter(({ output }) => output.includes("hunter22"))).toEqual([]);
    });

    it("follows its namespaces in place", async () => {
      await apply();
      const before = await secret(A());
      stack.write(hcl({ namespaces: JSON.stringify([A(), C()]) }));
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
      expectWell(await stack.apply());
      expect(await cluster.secret(B(), "pull")).toBeUndefined();
      expect((await secret(C())).data).toEqual(before.data);
      expect((await secret(A())).metadata).toMatchObject({
        uid: before.metadata.uid,
        resourceVersion: before.metadata.resourceVersion,
      });
      expect((await planned()).changes).toEqual({});
    });

    it("relabels in place when the owner changes", async () => {
      await apply();
      const before = await secret(A());
      stack.write(hcl({ owner: "tests/renamed" }));
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
      expectWell(await stack.apply());
      const after = await secret(A());
      expect(after.metadata.uid).toBe(before.metadata.uid);
      expect(after.metadata.annotations?.["registry-access/owner"]).toBe("tests/renamed");
      expectWell(await stack.destroy());
      expect(await cluster.secret(A(), "pull")).toBeUndefined();
    });

    it("deletes a copy elsewhere only where the plan says so", async () => {
      await apply();
      const { metadata, ...rest } = await secret(A());
      const { labels = {}, annotations = {} } = metadata;
      await cluster.create("secrets", { ...rest, metadata: { name: "pull", namespace: C(), labels, annotations } });
      stack.write(hcl({ rest: 'labels = { team = "x" }' }));
      expectWell(await stack.apply("-refresh=false"));
      expect(await cluster.secret(C(), "pull")).toBeDefined();
      const { changes, text } = await planned();
      expect(changes).toEqual({ [ADDRESS]: ["update"] });
      expect(text).toMatch(new RegExp(`- "${C()}" = \\{`));
      expectWell(await stack.apply("plan.bin"));
      expect(await cluster.secret(C(), "pull")).toBeUndefined();
      expect((await planned()).changes).toEqual({});
    });

    it("drops a label that is no longer configured, and keeps others'", async () => {
      await apply({ rest: 'labels = { team = "x" }' });
      await cluster.edit<SecretObject>("secrets", A(), "pull", (object) => ({
        ...object,
        metadata: { ...object.metadata, labels: { ...object.metadata.labels, theirs: "y" } },
      }));
      expect((await planned()).changes).toEqual({});
      await apply();
      expect((await secret(A())).metadata.labels).toEqual({ theirs: "y", "app.kubernetes.io/managed-by": "registry-access" });
    });

    it("drops a label where an update failed as well, later", async () => {
      await apply({ rest: 'labels = { team = "x" }' });
      const { annotations } = (await secret(B())).metadata;
      const setOwner = (owner: string) =>
        cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
          ...object,
          metadata: {
            ...object.metadata,
            annotations:
              owner === "us" ? { ...annotations } : { "registry-access/owner": owner, "registry-access/instance": "1" },
          },
        }));
      await setOwner("them");
      stack.write(hcl());
      expect((await stack.apply()).messages).toContainEqual(
        expect.objectContaining({ summary: "Secret belongs to somebody else" }),
      );
      await setOwner("us");
      expect((await planned()).text).toMatch(/status = "edited" -> "in_sync"/);
      expectWell(await stack.apply());
      expect((await secret(B())).metadata.labels).toEqual({ "app.kubernetes.io/managed-by": "registry-access" });
      expect((await planned()).changes).toEqual({});
    });

    it("fails when a Secret is being deleted, until it is gone", async () => {
      await apply();
      const setFinalizers = (finalizers: readonly string[]) =>
        cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
          ...object,
          metadata: { ...object.metadata, finalizers } as SecretObject["metadata"],
        }));
      await setFinalizers(["example.com/hold"]);
      await cluster.delete("secrets", B(), "pull");
      expect((await planned()).text).toMatch(/status = "blocked" -> "in_sync"/);
      expect((await stack.apply()).messages).toMatchObject([{ severity: "error", summary: "Secret is being deleted" }]);
      await setFinalizers([]);
      expectWell(await stack.apply());
      expect((await planned()).changes).toEqual({});
    });

    it("fails when the content is too large for a Secret", async () => {
      stack.write(hcl({ registries: '{ hosts = ["r.example"], username = "u", password_wo = format("%0600000d", 0) }' }));
      expect((await stack.apply()).messages).toMatchObject([
        {
          severity: "error",
          summary: "Too large for a Secret",
          detail: expect.stringMatching(/is 14\d{5} bytes; a Secret takes 1 MiB/),
        },
      ]);
    });

    it("destroys what it made, and leaves what became another's", async () => {
      await apply();
      await cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
        ...object,
        metadata: { ...object.metadata, annotations: { "registry-access/owner": "them", "registry-access/instance": "1" } },
      }));
      const destroyed = expectWell(await stack.destroy("-refresh=false"));
      expect(destroyed.messages).toEqual([
        {
          severity: "warning",
          summary: "Secret left alone",
          detail: `The Secret "pull" in namespace "${B()}" does not carry this resource's marks any more (it belongs to owner "them"), so it was not deleted.`,
        },
      ]);
      expect(await cluster.secret(A(), "pull")).toBeUndefined();
      expect(await cluster.secret(B(), "pull")).toBeDefined();
    });
  });
}
