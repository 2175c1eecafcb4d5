import type { DockAuthRecord } from "../../../sandbox/emulators/exchange/store";
import { quoted } from "../support/hcl";
import { expectWell } from "../support/terraform";
import {
  AUTH,
  apply,
  changes,
  dockAuths,
  fetched,
  fullId,
  horizon,
  provider,
  publishByHand,
  registry,
  registryAuth,
  serviceId,
  stack,
  wellFetched,
} from "./setting";

const DENIED = /^not_well: as acme: the token server gave 401\nwithout a login: .* gave 401$/;
/** Exactly one, without what differs from run to run. */
async function onlyAuth(): Promise<DockAuthRecord> {
  const [found, ...others] = await dockAuths();
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} dockauths`);
  return found;
}
const edit = (change: Partial<DockAuthRecord>) => () =>
  horizon.control.edit((data) => {
    for (const auth of data.dockAuths) if (auth.service === fullId()) Object.assign(auth, change);
  });

/** `registry_horizon_registry_auth` of a service that hzn published. */
export function testRegistryAuth(): void {
  describe("registry_horizon_registry_auth: basic", () => {
    it("a node pulls with it, of a registry with a port; the next plan is empty; destroy leaves nothing", async () => {
      await publishByHand();
      expect((await fetched())[1]).toBe(`not_well: there is none for ${registry()}`);
      await apply(registryAuth());
      expect(await onlyAuth()).toMatchObject({ registry: registry(), username: "acme", token: stack.env.TF_VAR_password });
      expect(await fetched()).toEqual(wellFetched());
      expect(await stack.attributes(AUTH)).toMatchObject({
        id: `acme/${serviceId()}/${registry()}`,
        auth_id: (await onlyAuth()).dockAuthId,
        status: "in_sync",
        password_wo: null,
        fingerprint: expect.stringMatching(/^scrypt\$/),
      });
      expect(await changes()).toEqual({});
      expectWell(await stack.destroy());
      expect(await dockAuths()).toEqual([]);
    });

    it("is rotated in place, and the node goes with it", async () => {
      await publishByHand();
      const right = stack.env.TF_VAR_password;
      await apply(registryAuth());
      const { dockAuthId } = await onlyAuth();
      stack.env.TF_VAR_password = "not-the-password-any-more";
      expect(await changes()).toEqual({ [AUTH]: ["update"] });
      expectWell(await stack.apply());
      expect(await onlyAuth()).toMatchObject({ dockAuthId, token: "not-the-password-any-more" });
      expect((await fetched())[2]).toMatch(DENIED);
      stack.env.TF_VAR_password = right;
      expectWell(await stack.apply());
      expect(await onlyAuth()).toMatchObject({ dockAuthId });
      expect(await fetched()).toEqual(wellFetched());
    });

    it("reads the password from the environment, on every Terraform", async () => {
      await publishByHand();
      stack.env.REGISTRY_GPS = stack.env.TF_VAR_password;
      await apply(registryAuth({ password_wo: undefined, password_env: quoted("REGISTRY_GPS") }));
      expect(await fetched()).toEqual(wellFetched());
      expect(await changes()).toEqual({});
    });
  });

  describe("registry_horizon_registry_auth: drift", () => {
    const drifts: { readonly [name: string]: () => Promise<unknown> } = {
      "its token edited": edit({ token: "by-hand" }),
      "its user name edited": edit({ username: "by-hand" }),
      "its registry edited": edit({ registry: "by-hand.example" }),
      deleted: () =>
        horizon.control.edit((data) => {
          data.dockAuths = data.dockAuths.filter(({ service }) => service !== fullId());
        }),
    };
    it.each(Object.entries(drifts))("%s is seen, and repaired in place", async (_, drift) => {
      await publishByHand();
      await apply(registryAuth());
      await drift();
      expect(await changes()).toEqual({ [AUTH]: ["update"] });
      expectWell(await stack.apply());
      expect((await dockAuths()).filter((auth) => auth.registry === registry())).toMatchObject([
        { username: "acme", token: stack.env.TF_VAR_password },
      ]);
      expect(await fetched()).toEqual(wellFetched());
      expect(await changes()).toEqual({});
    });

    const besides: { readonly [name: string]: () => Promise<unknown> } = {
      "an equal one": () =>
        horizon.control.edit((data) => {
          const own = data.dockAuths.find(({ service }) => service === fullId());
          if (own === undefined) throw new Error("no dockauth");
          data.lastDockAuthId += 1;
          data.dockAuths.push({ ...own, dockAuthId: data.lastDockAuthId });
        }),
      "one of another user": () =>
        horizon.ask("POST", `/services/${serviceId()}/dockauths`, { registry: registry(), username: "b", token: "by-hand" }),
    };
    it.each(Object.entries(besides))("%s beside it for the same registry is told of, and left", async (_, add) => {
      await publishByHand();
      await apply(registryAuth());
      await add();
      const planned = expectWell(await stack.plan());
      expect(planned.changes).toEqual({});
      expect(planned.messages).toMatchObject([{ severity: "warning", summary: "More credentials for one registry" }]);
      expect(planned.output).not.toMatch(/by-hand/);
      expect(await fetched()).toEqual(wellFetched());
      expectWell(await stack.destroy());
      expect(await dockAuths()).toHaveLength(1);
    });

    it("somebody's for another registry is nobody's business", async () => {
      await publishByHand();
      await apply(registryAuth());
      const other = { registry: "us.icr.io", username: "iamapikey", token: "theirs" };
      expect(await horizon.ask("POST", `/services/${serviceId()}/dockauths`, other)).toBe(201);
      expect(await changes()).toEqual({});
      expectWell(await stack.destroy());
      expect(await dockAuths()).toMatchObject([other]);
    });
  });

  describe("registry_horizon_registry_auth: lost answers", () => {
    it.each(["create", "update", "delete"])(
      "the answer of a %s is lost: the run goes well, and nothing is there twice",
      async (what) => {
        await publishByHand();
        if (what !== "create") await apply(registryAuth());
        const method = { create: "POST", update: "PUT", delete: "DELETE" }[what] ?? "";
        await horizon.control.addFault({ method, pathPrefix: `/v1/orgs/acme/services/${serviceId()}/dockauths`, drop: "after" });
        if (what === "update") stack.env.TF_VAR_password = "the-next-password";
        stack.write(provider() + registryAuth());
        expectWell(await (what === "delete" ? stack.destroy() : stack.apply()));
        expect(await dockAuths()).toMatchObject(
          what === "delete" ? [] : [{ username: "acme", token: stack.env.TF_VAR_password }],
        );
        if (what !== "delete") expect(await changes()).toEqual({});
      },
    );
  });
}
