import { readFileSync } from "node:fs";
import type { ServiceRecord } from "../../../sandbox/emulators/exchange/store";
import { quoted } from "../support/hcl";
import { expectWell } from "../support/terraform";
import {
  apply,
  changes,
  definition,
  fetched,
  fullId,
  horizon,
  makeKey,
  pinnedImage,
  provider,
  publishByHand,
  registryAuth,
  SERVICE,
  service,
  serviceId,
  stack,
  url,
  wellFetched,
} from "./setting";

const KEY = "service.public.pem";
const published = async (): Promise<ServiceRecord | undefined> => (await horizon.control.data()).services[fullId()];
const keys = async () => (await horizon.control.data()).keys.filter(({ owner }) => owner === fullId());
const whole = () => service() + registryAuth({ service: `${SERVICE}.service_id` });
const edit = (change: Partial<ServiceRecord>) => () =>
  horizon.control.edit((data) => Object.assign(data.services[fullId()] ?? {}, change));

/** `registry_horizon_service`, and what a node makes of it. */
export function testService(): void {
  describe("registry_horizon_service: basic", () => {
    it("is pinned, signed and published with its key; a node fetches it; the next plan is empty; destroy leaves nothing", async () => {
      await apply(whole());
      const { deployment, deploymentSignature, ...rest } = (await published()) as ServiceRecord;
      expect(rest).toMatchObject({ owner: "acme/ada", label: "GPS", url, version: "1.2.3", arch: "amd64", sharable: "multiple" });
      expect(JSON.parse(deployment)).toEqual({ services: { gps: { image: pinnedImage() } } });
      expect(Buffer.from(deploymentSignature, "base64")).toHaveLength(512);
      expect(await keys()).toMatchObject([{ id: KEY, text: readFileSync(horizon.state.publicKeyFile, "utf8") }]);
      expect(await fetched()).toEqual(wellFetched());
      expect(await stack.attributes(SERVICE)).toMatchObject({
        id: fullId(),
        service_id: serviceId(),
        status: "published",
        signing_key_wo: null,
      });
      expect(await changes()).toEqual({});
      expectWell(await stack.destroy());
      const { services, dockAuths, keys: left } = await horizon.control.data();
      expect({ services, dockAuths, left }).toEqual({ services: {}, dockAuths: [], left: [] });
    });

    it.each(["signing_key_wo", "signing_key_env"])("the key comes by %s, and its own public key is uploaded", async (how) => {
      const { file, publicKey } = makeKey("own");
      const pem = readFileSync(file, "utf8");
      Object.assign(stack.env, how === "signing_key_env" ? { HZN_OWN_KEY: pem } : { TF_VAR_key: pem });
      const value = how === "signing_key_env" ? '"HZN_OWN_KEY"' : "var.key";
      const variable = 'variable "key" {\n  type = string\n  ephemeral = true\n}\n';
      const own = { signing_key_file: undefined, public_key: undefined, [how]: value };
      await apply(`${how === "signing_key_wo" ? variable : ""}${service(own)}`);
      expect(await keys()).toMatchObject([{ id: KEY, text: publicKey }]);
      expect((await fetched())[0]).toBe(`well: ${KEY}`);
      expect(await changes()).toEqual({});
    });

    it("another key signs anew, in place; a node takes it", async () => {
      await apply(whole());
      const before = await published();
      const { file, publicKey } = makeKey("next");
      stack.write(
        provider() +
          service({ signing_key_file: quoted(file), public_key: undefined }) +
          registryAuth({ service: `${SERVICE}.service_id` }),
      );
      expect(await changes()).toEqual({ [SERVICE]: ["update"] });
      expectWell(await stack.apply());
      expect((await published())?.deploymentSignature).not.toBe(before?.deploymentSignature);
      expect(await keys()).toMatchObject([{ id: KEY, text: publicKey }]);
      expect(await fetched()).toEqual(wellFetched());
      expect(await changes()).toEqual({});
    });

    it("another label is an update, another version another service", async () => {
      await apply(whole());
      stack.write(provider() + service({ definition: definition({ label: "Where we are" }) }));
      expect(await changes()).toMatchObject({ [SERVICE]: ["update"] });
      expectWell(await stack.apply());
      expect(await published()).toMatchObject({ label: "Where we are" });
      stack.write(provider() + service({ definition: definition({ version: "1.3.0" }) }));
      const replaced = (await changes())[SERVICE];
      expect([...(replaced ?? [])].sort()).toEqual(["create", "delete"]);
      expectWell(await stack.apply());
      expect(Object.keys((await horizon.control.data()).services)).toEqual([`acme/${url}_1.3.0_amd64`]);
    });

    it("fails when hzn published it already, and leaves it; with adopt_existing it is taken over", async () => {
      await publishByHand();
      const before = await published();
      stack.write(provider() + service({ definition: definition({ label: "another" }) }));
      expect(await stack.apply()).toMatchObject({
        code: 1,
        messages: [{ severity: "error", detail: expect.stringMatching(/adopt_existing/) }],
      });
      expect(await published()).toEqual(before);
      await apply(service({ definition: definition({ label: "another" }), adopt_existing: "true" }));
      expect(await published()).toMatchObject({ label: "another" });
    });
  });

  describe("registry_horizon_service: drift", () => {
    const drifts: { readonly [name: string]: { readonly drift: () => Promise<unknown>; readonly status: string } } = {
      "its label edited": { drift: edit({ label: "by hand" }), status: "edited" },
      "its deployment edited": { drift: edit({ deployment: '{"services":{"gps":{"image":"evil"}}}' }), status: "edited" },
      "its signature replaced": { drift: edit({ deploymentSignature: "c29tZXRoaW5nIGVsc2U=" }), status: "unsigned" },
      "its signature removed": { drift: edit({ deploymentSignature: "" }), status: "unsigned" },
      "the service deleted": {
        drift: () =>
          horizon.control.edit((data) => {
            delete data.services[fullId()];
            data.keys = data.keys.filter(({ owner }) => owner !== fullId());
            data.dockAuths = data.dockAuths.filter((auth) => auth.service !== fullId());
          }),
        status: "missing",
      },
      "its key replaced": {
        drift: () => horizon.ask("PUT", `/services/${serviceId()}/keys/${KEY}`, makeKey("theirs").publicKey),
        status: "key_replaced",
      },
      "its key removed": {
        drift: () =>
          horizon.control.edit((data) => {
            data.keys = data.keys.filter(({ owner }) => owner !== fullId());
          }),
        status: "key_missing",
      },
    };
    it.each(Object.entries(drifts))("%s is seen with why, and published anew in place", async (_, { drift, status }) => {
      await apply(whole());
      await drift();
      const { changes: planned, text } = expectWell(await stack.plan());
      expect(planned).toMatchObject({ [SERVICE]: ["update"] });
      expect(text).toMatch(new RegExp(`status += "${status}" -> "published"`));
      expectWell(await stack.apply());
      expect(await fetched()).toEqual(wellFetched());
      expect(await changes()).toEqual({});
    });
  });

  describe("registry_horizon_service: lost answers", () => {
    const calls: { readonly [name: string]: { readonly method: string; readonly path: () => string } } = {
      "the create": { method: "POST", path: () => "/services" },
      "the key": { method: "PUT", path: () => `/services/${serviceId()}/keys` },
      "the update": { method: "PUT", path: () => `/services/${serviceId()}` },
      "the destroy": { method: "DELETE", path: () => `/services/${serviceId()}` },
    };
    it.each(Object.entries(calls))("of %s: the run goes well, and all is as it should be", async (name, { method, path }) => {
      const isFirst = name === "the create" || name === "the key";
      if (!isFirst) await apply(whole());
      await horizon.control.addFault({ method, pathPrefix: `/v1/orgs/acme${path()}`, drop: "after" });
      stack.write(
        provider() +
          (name === "the update" ? service({ definition: definition({ label: "new" }) }) : service()) +
          registryAuth({ service: `${SERVICE}.service_id` }),
      );
      expectWell(await (name === "the destroy" ? stack.destroy() : stack.apply()));
      if (name === "the destroy") expect(await published()).toBeUndefined();
      else {
        expect(await fetched()).toEqual(wellFetched());
        expect(await changes()).toEqual({});
      }
    });
  });

  describe("registry_horizon_service: mistakes", () => {
    interface Mistake {
      readonly with: () => Parameters<typeof service>[0];
      readonly summary: string;
      readonly detail: RegExp;
    }
    const mistakes: { readonly [name: string]: Mistake } = {
      "the definition is no JSON": { with: () => ({ definition: '"{"' }), summary: "Invalid definition", detail: /JSON/ },
      "the definition lacks its url": {
        with: () => ({ definition: definition({ url: undefined }) }),
        summary: "Invalid definition",
        detail: /url/,
      },
      "the version is none": {
        with: () => ({ definition: definition({ version: "1.2.x" }) }),
        summary: "Invalid definition",
        detail: /1\.2\.x/,
      },
      "a container has no image": {
        with: () => ({ definition: definition({ deployment: { services: { gps: {} } } }) }),
        summary: "Invalid definition",
        detail: /deployment\.services\.gps.*image/s,
      },
      "nothing signs it": {
        with: () => ({ signing_key_file: undefined, public_key: undefined }),
        summary: "No signing key",
        detail: /Edge nodes take nothing that is not signed/,
      },
      "the public key is another key's": {
        with: () => ({ public_key: quoted(makeKey("other").publicKey) }),
        summary: "Keys of two pairs",
        detail: /public_key/,
      },
      "the key's file is not there": {
        with: () => ({ signing_key_file: '"/nowhere/service.private.key"' }),
        summary: "Signing key can't be read",
        detail: /\/nowhere\/service\.private\.key/,
      },
      "the image is not there": {
        with: () => ({
          definition: definition({ deployment: { services: { gps: { image: horizon.state.image.replace("1.2.3", "9.9.9") } } } }),
        }),
        summary: "Tag does not exist",
        detail: /9\.9\.9/,
      },
      "a required service is not there": {
        with: () => ({
          definition: definition({ requiredServices: [{ url: "none", org: "acme", versionRange: "1.0.0", arch: "amd64" }] }),
        }),
        summary: "Request refused",
        detail: /400.*required service does not exist in the exchange/s,
      },
    };
    it.each(Object.entries(mistakes))("fails when %s", async (_, mistake) => {
      stack.write(provider() + service(mistake.with()));
      const { code, messages } = await stack.apply();
      expect({ code, messages }).toMatchObject({
        code: 1,
        messages: [{ severity: "error", summary: mistake.summary, detail: expect.stringMatching(mistake.detail) }],
      });
      expect(await published()).toBeUndefined();
    });
  });
}
