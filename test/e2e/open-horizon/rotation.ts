import { DEDICATED } from "../../../sandbox";
import { dedicatedEnvironment, dedicatedIssuer, openBluemix } from "../support/dedicated";
import { block, quoted } from "../support/hcl";
import { expectWell } from "../support/terraform";
import { AUTH, changes, cluster, dockAuths, provider, publishByHand, registryAuth, stack } from "./setting";

const TOKEN = "registry_token.gps";

/** `registry_horizon_registry_auth` with a credential that an issuer hands out. */
export function testRotation(): void {
  describe("registry_horizon_registry_auth: credential_id", () => {
    it("an issued credential is stored by its id alone, and its next one takes its place", async () => {
      await publishByHand();
      const bluemix = openBluemix(cluster);
      Object.assign(stack.env, dedicatedEnvironment(cluster.state));
      const issued = { credential_id: `${TOKEN}.credential_id`, registry: quoted(DEDICATED.hosts[0]) };
      const write = (description: string) =>
        stack.write(
          provider({ issuers: dedicatedIssuer(cluster.state).trim() }) +
            block('resource "registry_token" "gps"', {
              issuer: quoted("dedicated"),
              name: quoted("gps"),
              description: quoted(description),
            }) +
            registryAuth({ ...issued, username: undefined, password_wo: undefined }),
        );
      write("first");
      expectWell(await stack.apply());
      const [first, ...others] = await dockAuths();
      expect(others).toEqual([]);
      expect(first).toMatchObject({ registry: DEDICATED.hosts[0], username: "token", token: expect.stringMatching(/^eyJ/) });
      expect(await changes()).toEqual({});
      const living = await bluemix.onlyLiving("tests/open-horizon");
      await bluemix.revoke(living.id);
      expect(Object.keys(await changes()).sort()).toEqual([AUTH, TOKEN]);
      const { output } = expectWell(await stack.apply());
      const [next, ...more] = await dockAuths();
      expect(more).toEqual([]);
      expect(next).toMatchObject({ dockAuthId: first?.dockAuthId, username: "token", token: expect.stringMatching(/^eyJ/) });
      expect(next?.token).not.toBe(first?.token);
      expect(output).not.toMatch(/eyJ/);
      expect(await changes()).toEqual({});
      expectWell(await stack.destroy());
      expect(await dockAuths()).toEqual([]);
      expect(await bluemix.living("tests/open-horizon")).toEqual([]);
    });
  });
}
