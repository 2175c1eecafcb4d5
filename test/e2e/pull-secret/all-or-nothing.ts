import type { SecretObject } from "../../../lib/clients/kubernetes/client";
import { refuseWrites } from "../support/refuse-writes";
import { errorsOf, expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, C, cluster, hcl, namespaces, planned, secret, stack } from "./setting";

/** A create that fails leaves nothing; an update keeps what succeeded. */
export function testAllOrNothing(): void {
  describe("registry_pull_secret: all or nothing", () => {
    it("fails when namespaces don't exist, names all of them, and writes nothing", async () => {
      stack.write(hcl({ namespaces: JSON.stringify([A(), "nowhere", B(), "elsewhere"]) }));
      expect(errorsOf(await stack.apply())).toEqual([
        {
          severity: "error",
          summary: "Namespaces do not exist",
          detail: `Namespaces "elsewhere" and "nowhere" do not exist in the cluster at ${cluster.client.server}. Nothing was written: a pull secret is made in all its namespaces, or in none. Make them in the same stack (kubernetes_namespace_v1, NamespaceV1) and give their references in namespaces, so that the order follows; or correct the name.`,
          address: ADDRESS,
        },
      ]);
      expect(await Promise.all([A(), B()].map((namespace) => cluster.secret(namespace, "pull")))).toEqual([undefined, undefined]);
      expect(await stack.attributes(ADDRESS)).toBeUndefined();
    });

    it("fails when a Secret of that name is somebody else's, and writes nothing", async () => {
      await cluster.create<SecretObject>("secrets", { type: "Opaque", metadata: { name: "pull", namespace: B() } });
      stack.write(hcl());
      expect((await stack.apply()).messages).toEqual([
        {
          severity: "error",
          summary: "Secret belongs to somebody else",
          detail: `Namespace "${B()}" has a Secret "pull" already, and it names no owner: it was made by hand, or by another tool. It was left as it is. adopt_existing would not take this one over either: its type is "Opaque", which can't be changed to "kubernetes.io/dockerconfigjson", and whoever made it so may need it. Give this pull secret another name; or, if nobody needs that Secret, delete it (kubectl delete secret --namespace ${B()} pull) and apply again. Nothing was written: a pull secret is made in all its namespaces, or in none.`,
          address: ADDRESS,
        },
      ]);
      expect(await cluster.secret(A(), "pull")).toBeUndefined();
      expect((await secret(B())).type).toBe("Opaque");
    });

    it("where that is to be skipped, leaves a Secret that is somebody else's, serves the others, and takes the name once it is free", async () => {
      const rest = 'on_refused = "skip"';
      await cluster.create<SecretObject>("secrets", { type: "Opaque", metadata: { name: "pull", namespace: B() } });
      stack.write(hcl({ rest }));
      const targets = async () => (await stack.attributes<{ targets: object }>(ADDRESS))?.targets;
      const left = {
        severity: "warning",
        summary: "Secret belongs to somebody else",
        detail: expect.stringMatching(
          /^Namespace ".*" has a Secret "pull" already.* on_refused is "skip": the others were served/,
        ),
      };
      expect(expectWell(await stack.apply()).messages).toMatchObject([left]);
      expect(await targets()).toEqual({ [A()]: { status: "in_sync" }, [B()]: { status: "foreign" } });
      expect((await secret(B())).type).toBe("Opaque");

      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
      expect(expectWell(await stack.apply()).messages).toMatchObject([left]);
      stack.write(hcl({ rest: `${rest}\n  adopt_existing = true` }));
      expect(expectWell(await stack.apply()).messages).toContainEqual(
        expect.objectContaining({ severity: "warning", summary: "Secret of another type" }),
      );
      expect(await targets()).toEqual({ [A()]: { status: "in_sync" }, [B()]: { status: "foreign" } });

      await cluster.delete("secrets", B(), "pull");
      await apply({ rest });
      expect(await targets()).toEqual({ [A()]: { status: "in_sync" }, [B()]: { status: "in_sync" } });
      expect((await planned()).changes).toEqual({});
    });

    it("picks up what a crash of the same owner left, and puts it back when it fails", async () => {
      const left = await cluster.create<SecretObject>("secrets", {
        type: "kubernetes.io/dockerconfigjson",
        metadata: {
          name: "pull",
          namespace: A(),
          annotations: { "registry-access/owner": "tests/pull-secret", "registry-access/instance": "0123456789abcdef" },
        },
        data: { ".dockerconfigjson": Buffer.from("{}").toString("base64") },
      });
      const refusal = await refuseWrites(cluster, C(), "secrets");
      stack.write(hcl({ namespaces: JSON.stringify([A(), C()]) }));
      expect(errorsOf(await stack.apply())).toMatchObject([{ summary: "Refused by the cluster" }]);
      await refusal.close();
      const { metadata, data } = await secret(A());
      expect({ uid: metadata.uid, annotations: metadata.annotations, data }).toEqual({
        uid: left.metadata.uid,
        annotations: left.metadata.annotations,
        data: left.data,
      });
      await apply();
      expect((await secret(A())).metadata.uid).toBe(left.metadata.uid);
    });

    it("an update keeps what succeeded", async () => {
      await apply();
      await cluster.create<SecretObject>("secrets", { type: "Opaque", metadata: { name: "pull", namespace: C() } });
      stack.env.TF_VAR_password = "hunter22-second";
      stack.write(hcl({ namespaces: JSON.stringify(namespaces) }));
      expect((await stack.apply()).messages).toMatchObject([{ summary: "Secret belongs to somebody else" }]);
      expect(await cluster.dockerConfig(A(), "pull")).toMatchObject({
        auths: { "registry.partner.example:5000": { password: "hunter22-second" } },
      });
      expect((await stack.attributes<{ targets: object }>(ADDRESS))?.targets).toEqual({
        [A()]: { status: "in_sync" },
        [B()]: { status: "in_sync" },
        [C()]: { status: "foreign" },
      });
      await cluster.delete("secrets", C(), "pull");
      expect((await planned()).text).toContain(`"${C()}"`);
      expectWell(await stack.apply());
      expect((await planned()).changes).toEqual({});
    });
  });
}
