import { expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, cluster, hcl, planned, secret, stack } from "./setting";

/** Where a password comes from, and when a change of it counts. */
export function testPasswords(): void {
  describe("registry_pull_secret: passwords", () => {
    it("a changed write-only password is planned in place, with nothing to bump", async () => {
      await apply();
      const { metadata } = await secret(A());
      stack.env.TF_VAR_password = "hunter22-second";
      const { changes, text } = await planned();
      expect(changes).toEqual({ [ADDRESS]: ["update"] });
      expect(text).toMatch(/~ fingerprint = .* -> \(known after apply\)/);
      expectWell(await stack.apply());
      expect((await secret(A())).metadata.uid).toBe(metadata.uid);
      for (const namespace of [A(), B()]) {
        expect(await cluster.dockerConfig(namespace, "pull")).toMatchObject({
          auths: { "registry.partner.example:5000": { password: "hunter22-second" } },
        });
      }
      expect((await planned()).changes).toEqual({});
    });

    it("with password_wo_version only the version counts", async () => {
      const registries = (version: number) =>
        `{ hosts = ["r.example"], username = "acme", password_wo = var.password, password_wo_version = ${version} }`;
      await apply({ registries: registries(1) });
      stack.env.TF_VAR_password = "hunter22-second";
      expect((await planned()).changes).toEqual({});
      await cluster.delete("secrets", B(), "pull");
      await apply({ registries: registries(1) });
      expect(await cluster.dockerConfig(B(), "pull")).toMatchObject({ auths: { "r.example": { password: "hunter22-first" } } });
      await apply({ registries: registries(2) });
      expect(await cluster.dockerConfig(B(), "pull")).toMatchObject({ auths: { "r.example": { password: "hunter22-second" } } });
    });

    it("a watched password is seen beside a versioned one", async () => {
      stack.env.REGISTRY_B = "b-first";
      const registries = `{ hosts = ["r.example"], username = "acme", password_wo = var.password, password_wo_version = 1 },
      { hosts = ["s.example"], username = "acme", password_env = "REGISTRY_B" }`;
      await apply({ registries });
      stack.env.TF_VAR_password = "hunter22-second";
      expect((await planned()).changes).toEqual({});
      stack.env.REGISTRY_B = "b-second";
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
    });

    const environmentCases: {
      readonly [name: string]: { readonly name: string; readonly env: object; readonly summary: string; readonly detail: RegExp };
    } = {
      "the variable is not allowed": {
        name: "AWS_SECRET_ACCESS_KEY",
        env: { AWS_SECRET_ACCESS_KEY: "x" },
        summary: "Environment variable not allowed",
        detail: /REGISTRY_ACCESS_PASSWORD_ENV=AWS_SECRET_ACCESS_KEY/,
      },
      "the variable is not set": {
        name: "REGISTRY_PARTNER_PASSWORD",
        env: {},
        summary: "Environment variable not set",
        detail: /REGISTRY_PARTNER_PASSWORD is not set/,
      },
      "the variable is empty": {
        name: "REGISTRY_PARTNER_PASSWORD",
        env: { REGISTRY_PARTNER_PASSWORD: "" },
        summary: "Empty environment variable",
        detail: /REGISTRY_PARTNER_PASSWORD is an empty string/,
      },
    };
    it.each(Object.entries(environmentCases))("fails at plan when %s", async (_, { name, env, summary, detail }) => {
      Object.assign(stack.env, env);
      stack.write(hcl({ registries: `{ hosts = ["r.example"], username = "acme", password_env = "${name}" }` }));
      expect((await stack.plan()).messages).toEqual([
        { severity: "error", summary, detail: expect.stringMatching(detail), address: ADDRESS },
      ]);
    });

    it("takes a variable that the pipeline allows", async () => {
      Object.assign(stack.env, { PARTNER: "from-env", REGISTRY_ACCESS_PASSWORD_ENV: "OTHER, PARTNER" });
      await apply({ registries: `{ hosts = ["r.example", "docker.io"], username = "acme", password_env = "PARTNER" }` });
      expect(Object.keys(((await cluster.dockerConfig(A(), "pull")) as { auths: object }).auths)).toEqual([
        "r.example",
        "https://index.docker.io/v1/",
      ]);
      stack.env.PARTNER = "from-env-2";
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
    });
  });
}
