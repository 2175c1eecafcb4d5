import { expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, cluster, hcl, PARTNER, planned, secret, stack } from "./setting";

/** Replacement, unknown values, and two of one name. */
export function testConfigurations(): void {
  describe("registry_pull_secret: replacement", () => {
    it.each([
      ["destroy first", ""],
      ["create_before_destroy", "lifecycle { create_before_destroy = true }"],
    ])("%s leaves every Secret there", async (_, rest) => {
      await apply({ rest });
      const before = await stack.attributes<{ instance: string }>(ADDRESS);
      expectWell(await stack.apply(`-replace=${ADDRESS}`));
      const after = await stack.attributes<{ instance: string }>(ADDRESS);
      expect(after?.instance).not.toBe(before?.instance);
      for (const namespace of [A(), B()]) {
        expect((await secret(namespace)).metadata.annotations?.["registry-access/instance"]).toBe(after?.instance);
      }
      expect((await planned()).changes).toEqual({});
    });

    it("another name is another Secret", async () => {
      await apply();
      stack.write(hcl({ name: '"other"' }));
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["delete", "create"] });
      expectWell(await stack.apply());
      expect(await cluster.secret(A(), "pull")).toBeUndefined();
      expect(await cluster.secret(A(), "other")).toBeDefined();
    });
  });

  describe("registry_pull_secret: unknown values", () => {
    const later = (value: string) => `resource "terraform_data" "later" { input = ${value} }`;
    const cases: { readonly [name: string]: () => string } = {
      "a namespace": () => later(JSON.stringify(A())) + hcl({ namespaces: `[terraform_data.later.output, "${B()}"]` }),
      "all namespaces": () => later(JSON.stringify([A(), B()])) + hcl({ namespaces: "toset(terraform_data.later.output)" }),
      "a host": () =>
        later('"r.example"') +
        hcl({ registries: '{ hosts = [terraform_data.later.output], username = "u", password_wo = var.password }' }),
      "the name": () => later('"pull"') + hcl({ name: "terraform_data.later.output" }),
      "the provider's cluster": () =>
        later(JSON.stringify(cluster.identities.apply)) + hcl({ kubernetes: "{ config_path = terraform_data.later.output }" }),
    };
    it.each(Object.entries(cases))("%s is planned, and applied", async (_, configuration) => {
      stack.write(configuration());
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["create"], "terraform_data.later": ["create"] });
      expectWell(await stack.apply("plan.bin"));
      expect(await cluster.secret(A(), "pull")).toBeDefined();
      expect((await planned()).changes).toEqual({});
    });
  });

  describe("registry_pull_secret: two of one name", () => {
    const other = () => `
resource "registry_pull_secret" "other" {
  name       = "pull"
  namespaces = ["${B()}"]
  registries = [${PARTNER}]
}
`;
    it("fails at plan when both are new", async () => {
      stack.write(hcl() + other());
      expect((await stack.plan()).messages).toEqual([
        {
          severity: "error",
          summary: "Two pull secrets write one Secret",
          detail: `Another registry_pull_secret of this configuration also writes the Secret "pull" in these namespaces: ${B()}. They would take it from each other at every apply. Give one of them another name, or make one resource of the two: registries and namespaces take several.`,
          address: expect.stringMatching(/^registry_pull_secret\.(pull|other)$/),
        },
      ]);
    });
  });
}
