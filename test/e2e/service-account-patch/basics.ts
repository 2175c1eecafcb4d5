import { errorsOf, expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, cluster, entries, hcl, lasting, namespaces, setEntries, stack } from "./setting";

/** What is added, followed in place and taken away. */
export function testBasics(): void {
  describe("registry_service_account_patch: basic", () => {
    it("adds at the end, plans nothing again, and leaves the ServiceAccount as it was", async () => {
      await setEntries(A(), ["theirs"]);
      const before = await Promise.all([lasting(A()), lasting(B())]);
      await apply({ pullSecrets: ["pull", "theirs", "more"] });
      expect(await entries(A())).toEqual(["theirs", "pull", "more"]);
      expect(await entries(B())).toEqual(["pull", "theirs", "more"]);
      expect(await stack.attributes(ADDRESS)).toMatchObject({
        service_accounts: ["default"],
        targets: { [`${A()}/default`]: { status: "in_sync" }, [`${B()}/default`]: { status: "in_sync" } },
      });
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      expect(await Promise.all([lasting(A()), lasting(B())])).toEqual(before);
    });

    it("hands the entries to new Pods at once", async () => {
      await Promise.all(namespaces.map((namespace) => cluster.allowPods(namespace)));
      await apply();
      const pod = await cluster.create("pods", {
        metadata: { name: "probe", namespace: A() },
        spec: { containers: [{ name: "c", image: "registry.invalid/x" }] },
      } as never);
      expect(pod).toMatchObject({ spec: { imagePullSecrets: [{ name: "pull" }] } });
    });

    it("follows its pull secrets and namespaces in place", async () => {
      await apply({ pullSecrets: ["one", "two"] });
      stack.write(hcl({ pullSecrets: ["two", "three"], namespaces: [A()] }));
      expect(expectWell(await stack.plan()).changes).toEqual({ [ADDRESS]: ["update"] });
      expectWell(await stack.apply());
      expect(await entries(A())).toEqual(["two", "three"]);
      expect(await entries(B())).toBeUndefined();
      expect(expectWell(await stack.plan()).changes).toEqual({});
    });

    it("an owner's change is no one else's business", async () => {
      await apply();
      await apply({ owner: "tests/renamed" });
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      expect(await entries(A())).toBeUndefined();
    });

    it("waits for a default ServiceAccount that is not there yet", async () => {
      stack.write(hcl());
      await stack.plan();
      await cluster.delete("serviceaccounts", A(), "default");
      expectWell(await stack.apply());
      expect(await entries(A())).toEqual(["pull"]);
    });

    it("serves several ServiceAccounts, and fails when one is missing, with nothing patched", async () => {
      await cluster.create("serviceaccounts", { metadata: { name: "builder", namespace: A() } });
      const rest = 'service_accounts = ["default", "builder"]';
      stack.write(hcl({ rest }));
      expect((await stack.apply()).messages).toEqual([
        {
          severity: "error",
          summary: "ServiceAccount does not exist",
          detail: `The cluster at ${cluster.client.server} has no ServiceAccount "builder" in namespace "${B()}". Nothing was patched. Only "default" is made by Kubernetes itself: make the others first, in the same stack with depends_on, or by hand (kubectl create serviceaccount --namespace ${B()} builder).`,
          address: ADDRESS,
        },
      ]);
      expect(await entries(A())).toBeUndefined();
      await cluster.create("serviceaccounts", { metadata: { name: "builder", namespace: B() } });
      await apply({ rest });
      expect(await entries(B(), "builder")).toEqual(["pull"]);
    });

    it("fails when a namespace does not exist", async () => {
      stack.write(hcl({ namespaces: [A(), "nowhere"] }));
      expect(errorsOf(await stack.apply())).toMatchObject([{ summary: "Namespace does not exist", address: ADDRESS }]);
      expect(await entries(A())).toBeUndefined();
    });
  });
}
