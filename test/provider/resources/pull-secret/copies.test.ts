import { ClientError } from "../../../../lib/clients/client-error";
import type { SecretObject } from "../../../../lib/clients/kubernetes/client";
import { type Diagnostic, DiagnosticError } from "../../../../lib/provider/framework/diagnostic";
import { type ObjectValue, UNKNOWN, type Value } from "../../../../lib/provider/framework/value";
import { planCopies } from "../../../../lib/provider/resources/pull-secret/plan-copies";
import { createFakeCluster } from "../fake-cluster";

const login = (user: string) => ({ auth: Buffer.from(`${user}:hunter22`).toString("base64") });
const entry = (values: { readonly [name: string]: Value }): ObjectValue => ({
  hosts: null,
  credential_id: null,
  copy_from: null,
  ...values,
});
const copy = (name: string, hosts: readonly string[] | null = null) =>
  entry({ copy_from: { namespace: "default", name, hosts, revision: null } });

/** What a plan says of these entries, where these Secrets lie in `default`. */
async function planned(
  registries: readonly ObjectValue[],
  secrets: { readonly [name: string]: object } = {},
  { fails, prior, strict }: { fails?: ClientError; prior?: ObjectValue; strict?: boolean } = {},
) {
  const cluster = createFakeCluster();
  for (const [name, auths] of Object.entries(secrets)) {
    const data = { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") };
    const secret: SecretObject = { type: "kubernetes.io/dockerconfigjson", metadata: { name, namespace: "default" }, data };
    cluster.put("secrets", secret);
  }
  const said: string[] = [];
  const context = cluster.context("tests");
  const client = await context.provider.cluster.client();
  const get = fails === undefined ? client.get : () => Promise.reject(fails);
  const provider = {
    ...context.provider,
    onMissingAccess: strict === true ? ("error" as const) : ("warn" as const),
    cluster: { ...context.provider.cluster, client: async () => ({ ...client, get }) },
  };
  const report = ({ severity, summary, path }: Diagnostic) => void said.push(`${severity}: ${summary} (${path?.join(".")})`);
  const config = { name: "pull", namespaces: ["a"], registries };
  try {
    const { logins, isAll } = await planCopies(config, prior ?? null, { ...context, provider, report });
    const hosts = [...logins].map(([index, found]) => [index, found.flatMap((each) => each.hosts)] as const);
    return { copied: Object.fromEntries(hosts), isAll, said };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    for (const diagnostic of error.diagnostics) report(diagnostic);
    return { said };
  }
}

describe("copies at plan", () => {
  it("know all hosts, or those that are wanted, by any of Docker Hub's names and with the path that a key has", async () => {
    const source = { "us.icr.io": login("a"), "https://index.docker.io/v1/": login("b"), "r.example/team": login("a") };
    expect(await planned([copy("one"), entry({ hosts: ["x.example"] })], { one: source })).toEqual({
      copied: { 0: ["us.icr.io", "r.example/team", "docker.io"] },
      isAll: true,
      said: [],
    });
    expect(await planned([copy("one", ["index.docker.io"])], { one: source })).toMatchObject({ copied: { 0: ["docker.io"] } });
  });

  it("leave out what a kubelet could not use", async () => {
    const source = {
      "us.icr.io": login("a"),
      "de.icr.io": { identitytoken: "x" },
      "jp.icr.io": { auth: "no colon" },
      __proto__: 1,
    };
    expect(await planned([copy("one")], { one: source })).toMatchObject({ copied: { 0: ["us.icr.io"] } });
    expect(await planned([copy("one", ["de.icr.io"])], { one: source })).toEqual({
      said: ["error: Host is not in the source (registries.0.copy_from.hosts.0)"],
    });
  });

  it("wait for what is not known yet", async () => {
    const unknown = entry({ copy_from: { namespace: "default", name: UNKNOWN, hosts: null } });
    expect(await planned([unknown])).toEqual({ copied: {}, isAll: false, said: [] });
    expect(await planned([entry({ copy_from: UNKNOWN })])).toEqual({ copied: {}, isAll: false, said: [] });
    const changing = entry({ copy_from: { namespace: "default", name: "one", hosts: null, revision: UNKNOWN } });
    expect(await planned([changing], { one: { "us.icr.io": login("a") } })).toEqual({ copied: {}, isAll: false, said: [] });
  });

  const refused = new ClientError("forbidden", "GET …: 403", { status: 403 });
  const down = new ClientError("unreachable", "GET …: nobody");
  const prior = { registries: [copy("one")] };
  const cases: { readonly [name: string]: [() => ReturnType<typeof planned>, said: readonly string[]] } = {
    "warn where the source is not there yet": [
      () => planned([copy("one")]),
      ["warning: Source of a copy does not exist (registries.0.copy_from)"],
    ],
    "only warn where it was there before: the copies stay, and a destroy plans, too": [
      () => planned([copy("one")], {}, { prior, strict: true }),
      ["warning: Source of a copy does not exist (registries.0.copy_from)"],
    ],
    "fail where it is not there, if that is asked for": [
      () => planned([copy("one")], {}, { strict: true }),
      ["error: Source of a copy does not exist (registries.0.copy_from)"],
    ],
    "only warn where it was damaged since it was copied": [
      () => planned([copy("one")], { one: { "us.icr.io": {} } }, { prior }),
      ["warning: Nothing to copy (registries.0.copy_from)"],
    ],
    "fail where it is damaged from the start": [
      () => planned([copy("one")], { one: { "us.icr.io": {} } }),
      ["error: Nothing to copy (registries.0.copy_from)"],
    ],
    "fail where its auths are a list": [
      () => planned([copy("one")], { one: [] }),
      ["error: Not a docker-registry Secret (registries.0.copy_from)"],
    ],
    "only warn where it got a host of another entry since it was copied": [
      () => planned([copy("one"), entry({ hosts: ["us.icr.io"] })], { one: { "us.icr.io": login("a") } }, { prior }),
      ["warning: Two entries for one registry host (registries.0.copy_from)"],
    ],
    "take a source whose revision changed for the one that was copied": [
      () => planned([entry({ copy_from: { namespace: "default", name: "one", hosts: null, revision: "2" } })], {}, { prior }),
      ["warning: Source of a copy does not exist (registries.0.copy_from)"],
    ],
    "warn of what is left out": [
      () => planned([copy("one")], { one: { "us.icr.io": login("a"), "de.icr.io": { identitytoken: "x", auth: "dTo=" } } }),
      ["warning: Not everything is copied (registries.0.copy_from)"],
    ],
    "warn where it may not be read": [
      () => planned([copy("one")], {}, { fails: refused }),
      ["warning: Not allowed (registries.0.copy_from)"],
    ],
    "fail where it may not be read, if that is asked for": [
      () => planned([copy("one")], {}, { fails: refused, strict: true }),
      ["error: Not allowed (registries.0.copy_from)"],
    ],
    "say nothing of a cluster that is still to come": [() => planned([copy("one")], {}, { fails: down }), []],
    "fail where a cluster that was there does not answer": [
      () => planned([copy("one")], {}, { fails: down, prior }),
      ["error: Unreachable (registries.0.copy_from)"],
    ],
    "fail where two sources are for one host": [
      () =>
        planned([copy("one"), copy("two")], { one: { "us.icr.io": login("a") }, two: { "https://us.icr.io/v1/": login("b") } }),
      ["error: Two entries for one registry host (registries.1.copy_from)"],
    ],
    "fail where an entry after it has the host": [
      () => planned([copy("one"), entry({ hosts: ["us.icr.io"] })], { one: { "us.icr.io": login("a") } }),
      ["error: Two entries for one registry host (registries.0.copy_from)"],
    ],
  };
  it.each(Object.entries(cases))("%s", async (_, [plan, said]) => {
    expect((await plan()).said).toEqual(said);
  });
});
