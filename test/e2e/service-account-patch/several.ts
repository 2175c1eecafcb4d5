import { block, quoted } from "../support/hcl";
import { createStack, expectWell, removeStack } from "../support/terraform";
import { A, ADDRESS, apply, B, cluster, entries, hcl, namespaces, stack } from "./setting";

/** Two of one configuration, several writers, and replacement. */
export function testSeveral(): void {
  describe("registry_service_account_patch: two of one configuration", () => {
    it("fails when both add the same, and says what", async () => {
      const other = block('resource "registry_service_account_patch" "other"', {
        namespaces: quoted([B()]),
        pull_secrets: quoted(["more", "pull"]),
      });
      stack.write(hcl() + other);
      expect((await stack.plan()).messages).toMatchObject([
        {
          severity: "error",
          summary: "Two patches add the same pull secret",
          detail: `Another registry_service_account_patch of this configuration adds "pull" of ServiceAccount "default" in namespace "${B()}". The two would take it from each other at every apply. Name it in one of them only.`,
        },
      ]);
    });
  });

  describe("registry_service_account_patch: several writers", () => {
    it("two stacks at the same moment lose nothing", async () => {
      const other = await createStack("patch-other", {}, undefined, cluster.envOf);
      try {
        stack.write(hcl({ pullSecrets: ["one"] }));
        other.write(hcl({ owner: "tests/other", pullSecrets: ["two"] }));
        await Promise.all([stack.plan(), other.plan()]);
        (await Promise.all([stack.apply(), other.apply()])).map(expectWell);
        for (const namespace of namespaces) expect([...((await entries(namespace)) ?? [])].sort()).toEqual(["one", "two"]);
        (await Promise.all([stack.destroy(), other.destroy()])).map(expectWell);
        for (const namespace of namespaces) expect(await entries(namespace)).toBeUndefined();
      } finally {
        removeStack(other);
      }
    });

    it("an entry of two owners goes with the last one", async () => {
      const other = await createStack("patch-other", {}, undefined, cluster.envOf);
      try {
        await apply();
        other.write(hcl({ owner: "tests/other" }));
        expectWell(await other.apply());
        expectWell(await stack.destroy());
        expect(await entries(A())).toEqual(["pull"]);
        expectWell(await other.destroy());
        expect(await entries(A())).toBeUndefined();
      } finally {
        removeStack(other);
      }
    });
  });

  describe("registry_service_account_patch: replacement", () => {
    it.each([
      ["destroy first", ""],
      ["create_before_destroy", "lifecycle { create_before_destroy = true }"],
    ])("%s leaves every entry there", async (_, rest) => {
      await apply({ rest });
      expectWell(await stack.apply(`-replace=${ADDRESS}`));
      for (const namespace of namespaces) expect(await entries(namespace)).toEqual(["pull"]);
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      for (const namespace of namespaces) expect(await entries(namespace)).toBeUndefined();
    });
  });
}
