import { DEDICATED } from "../../../sandbox";
import { expectWell } from "../support/terraform";
import { control, living, namespace, owner, provider, pullSecret, stack, TOKEN, token, written } from "./setting";

/** Issued, written by its id alone, and revoked. */
export function testBasics(): void {
  describe("registry_token: basic", () => {
    it("is issued, written by its id alone, and revoked", async () => {
      stack.write(provider() + token('description = "from the tests"') + pullSecret());
      expectWell(await stack.apply());
      const [id] = await living();
      const listed = (await control.tokens()).find((listedToken) => listedToken.id === id);
      expect(listed?.description).toMatch(
        new RegExp(`^from the tests \\[registry-access owner=${owner()} name=ci number=1 nonce=[0-9a-f]{16}\\]$`),
      );
      expect(await stack.attributes(TOKEN)).toMatchObject({
        id: `dedicated/${id}`,
        credential_id: `dedicated/${id}`,
        hosts: DEDICATED.hosts,
        username: "token",
        status: "active",
        expires_at: null,
        number: 1,
        read_only: true,
        permanent: true,
      });
      const value = await written();
      expect(value).toMatch(/^eyJ/);
      expect(expectWell(await stack.plan()).changes).toEqual({});
      for (const args of [
        ["state", "pull"],
        ["show", "-json", "plan.bin"],
      ]) {
        expect((await stack.run(...args)).output).not.toContain(value);
      }
      expectWell(await stack.destroy());
      expect(await living()).toEqual([]);
    });

    it("a plan without tokens never logs in", async () => {
      stack.env.REGISTRY_PARTNER = "p";
      stack.write(`${provider()}
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ["${namespace()}"]
  registries = [{ hosts = ["r.example"], username = "u", password_env = "REGISTRY_PARTNER" }]
}`);
      await control.clearRequests();
      expectWell(await stack.apply());
      expectWell(await stack.plan());
      expect(await control.requests()).toEqual([]);
    });

    it("lives on with revoke_on_destroy = false", async () => {
      stack.write(provider() + token("revoke_on_destroy = false"));
      expectWell(await stack.apply());
      expectWell(await stack.destroy());
      expect(await living()).toHaveLength(1);
    });

    it("warns when revoke_on_destroy comes after the issue", async () => {
      stack.write(provider() + token());
      expectWell(await stack.apply());
      stack.write(provider() + token("revoke_on_destroy = false"));
      expect((await stack.apply()).messages).toMatchObject([
        { severity: "warning", summary: "The registry token was issued to be revoked" },
      ]);
    });

    it("lower numbers that a crash left go with it", async () => {
      stack.write(provider() + token());
      expectWell(await stack.apply());
      await stack.run("state", "rm", TOKEN);
      expectWell(await stack.apply());
      expect(await stack.attributes(TOKEN)).toMatchObject({ number: 2 });
      expect(await living()).toHaveLength(2);
      expectWell(await stack.destroy());
      expect(await living()).toEqual([]);
    });

    it("one issued with revoke_on_destroy = false outlives its successor", async () => {
      stack.write(provider() + token("revoke_on_destroy = false"));
      expectWell(await stack.apply());
      const [kept] = await living();
      expectWell(await stack.destroy());
      stack.write(provider() + token());
      expectWell(await stack.apply());
      expect(await stack.attributes(TOKEN)).toMatchObject({ number: 2 });
      expectWell(await stack.destroy());
      expect(await living()).toEqual([kept]);
    });

    it("fails at plan when another has its name", async () => {
      stack.write(provider() + token() + token().replace('"registry_token" "ci"', '"registry_token" "other"'));
      expect((await stack.plan()).messages).toEqual([
        {
          severity: "error",
          summary: "Two registry tokens of one name",
          detail: `Another registry_token of this configuration is called "ci" too, at issuer "dedicated" and with owner "${owner()}". One of them would revoke the other when it is destroyed or replaced. Give one of them another name, or use one registry token for both.`,
          address: expect.stringMatching(/^registry_token\.(ci|other)$/),
        },
      ]);
    });

    it("revoking what is gone succeeds", async () => {
      stack.write(provider() + token());
      expectWell(await stack.apply());
      await control.revoke((await living())[0] ?? "");
      expectWell(await stack.destroy());
      expect(await stack.attributes(TOKEN)).toBeUndefined();
    });
  });
}
