import type { PatternRecord } from "../../../sandbox/emulators/exchange/store";
import { expectWell } from "../support/terraform";
import {
  apply,
  changes,
  fullId,
  horizon,
  makeKey,
  PATTERN,
  pattern,
  provider,
  registryAuth,
  SERVICE,
  service,
  stack,
  url,
  wellFetched,
} from "./setting";

const id = () => `acme/pattern-${url}`;
const published = async (): Promise<PatternRecord | undefined> => (await horizon.control.data()).patterns[id()];
const whole = () => service() + registryAuth({ service: `${SERVICE}.service_id` }) + pattern({ depends_on: `[${SERVICE}]` });

/** What a node says that is registered with the pattern. */
async function fetchedByPattern(): Promise<readonly string[]> {
  const rows = await horizon.fetch({ pattern: `pattern-${url}` });
  return rows.flatMap(({ service: of, signature, login, pull }) => [
    of,
    ...[signature, login, pull].map(({ state, text }) => `${state}: ${text}`),
  ]);
}

/** `registry_horizon_pattern`, and what a node that registers with it fetches. */
export function testPattern(): void {
  describe("registry_horizon_pattern: basic", () => {
    it("is published after its service; a node fetches what it names; the next plan is empty; destroy leaves nothing", async () => {
      await apply(whole());
      expect(await published()).toMatchObject({
        owner: "acme/ada",
        label: "GPS everywhere",
        services: [{ serviceUrl: url, serviceOrgid: "acme", serviceArch: "amd64", serviceVersions: [{ version: "1.2.3" }] }],
      });
      expect(await fetchedByPattern()).toEqual([fullId(), ...wellFetched()]);
      expect(await changes()).toEqual({});
      expectWell(await stack.destroy());
      expect(await horizon.control.data()).toMatchObject({ services: {}, patterns: {}, dockAuths: [], keys: [] });
    });

    it("fails when it names a service that is not there", async () => {
      stack.write(provider() + pattern());
      expect(await stack.apply()).toMatchObject({
        code: 1,
        messages: [{ severity: "error", detail: expect.stringMatching(/400.*referenced service does not exist/s) }],
      });
      expect(await published()).toBeUndefined();
    });
  });

  describe("registry_horizon_pattern: drift", () => {
    const drifts: { readonly [name: string]: { readonly drift: () => Promise<unknown>; readonly status: string } } = {
      deleted: {
        drift: () =>
          horizon.control.edit((data) => {
            delete data.patterns[id()];
            data.keys = data.keys.filter(({ owner }) => owner !== id());
          }),
        status: "missing",
      },
      "its label edited": {
        drift: () => horizon.control.edit((data) => Object.assign(data.patterns[id()] ?? {}, { label: "by hand" })),
        status: "edited",
      },
      "its key replaced": {
        drift: () => horizon.ask("PUT", `/patterns/pattern-${url}/keys/pattern.public.pem`, makeKey("theirs").publicKey),
        status: "key_replaced",
      },
      "its key removed": {
        drift: () =>
          horizon.control.edit((data) => {
            data.keys = data.keys.filter(({ owner }) => owner !== id());
          }),
        status: "key_missing",
      },
      "its services edited": {
        drift: () => horizon.control.edit((data) => Object.assign(data.patterns[id()] ?? {}, { services: [] })),
        status: "edited",
      },
    };
    it.each(Object.entries(drifts))("%s is seen with why, and published anew in place", async (_, { drift, status }) => {
      await apply(whole());
      await drift();
      const { changes: planned, text } = expectWell(await stack.plan());
      expect(planned).toEqual({ [PATTERN]: ["update"] });
      expect(text).toMatch(new RegExp(`status += "${status}" -> "published"`));
      expectWell(await stack.apply());
      expect(await fetchedByPattern()).toEqual([fullId(), ...wellFetched()]);
      expect(await changes()).toEqual({});
    });
  });

  describe("registry_horizon_pattern: lost answers", () => {
    it.each(["POST", "DELETE"])("of a %s: the run goes well", async (method) => {
      if (method === "DELETE") await apply(whole());
      await horizon.control.addFault({ method, pathPrefix: `/v1/orgs/acme/patterns/pattern-${url}`, drop: "after" });
      if (method === "POST") {
        await apply(whole());
        expect(await changes()).toEqual({});
      }
      expectWell(await stack.destroy());
      expect(await published()).toBeUndefined();
    });
  });
}
