import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { until } from "../support/cluster";
import type { LimitedCluster } from "../support/identities";
import { createStack, expectWell, removeStack, type Stack } from "../support/terraform";

/** What a selector can demand, and what leaves a namespace out: as HCL, what it means before the namespaces change, and after. */
interface Demand {
  readonly args: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** `d-a` to `d-e`, by the last letter. */
const all = (letters: string) => [...letters].map((letter) => `d-${letter}`);
const ANY = 'names = ["d-*"]';
const stage = (operator: string, values = "") => [
  ANY,
  `match_expressions = [{ key = "stage", operator = "${operator}"${values === "" ? "" : `, values = [${values}]`} }]`,
];

/**
 * Before: a and b are in production, c is a test, d and e have no stage; f has opted out and g is being deleted, both in production.
 * After: b is a test and d in production, a has opted out, c is being deleted, f has taken its annotation back, h is new and in production.
 */
const DEMANDS: { readonly [name: string]: Demand } = {
  labels: { args: [ANY, 'match_labels = { stage = "prod" }'], before: all("ab"), after: all("dfh") },
  in: { args: stage("In", '"prod", "dev"'), before: all("ab"), after: all("dfh") },
  "not-in": { args: stage("NotIn", '"prod"'), before: all("cde"), after: all("be") },
  exists: { args: stage("Exists"), before: all("abc"), after: all("bdfh") },
  "does-not-exist": { args: stage("DoesNotExist"), before: all("de"), after: all("e") },
  names: { args: ['names = ["d-?", "nothing-*"]'], before: all("abcde"), after: all("bdefh") },
  except: { args: [ANY, 'except = ["*-b", "d-e*", "?-c"]'], before: all("ad"), after: all("dfh") },
  system: { args: ['names = ["kube-*"]'], before: [], after: [] },
  "include-system": {
    args: ['names = ["kube-*"]', 'except = ["kube-public", "kube-node-lease"]', "include_system = true"],
    before: ["kube-system"],
    after: ["kube-system"],
  },
};

/** The names of the pull secrets, for the roles. */
export const DEMANDED_SECRETS = Object.keys(DEMANDS).map((name) => `demand-${name}`);

const addressOf = (name: string) => `registry_pull_secret.${name}`;
const { signal } = new AbortController();

/** Each demand of a selector, and each reason to leave a namespace out, at plan, at refresh alone and at apply. */
export function testEachDemand(running: () => LimitedCluster): void {
  describe("each demand of a selector", () => {
    let stack: Stack;
    const at = (name: string) => ({ apiVersion: "v1", resource: "namespaces", name });

    beforeAll(async () => {
      stack = await createStack("demands", {}, undefined, running().envOf);
    });
    afterAll(() => removeStack(stack));

    async function make(letter: string, labels: { readonly [name: string]: string }, more: object = {}): Promise<void> {
      const of = { apiVersion: "v1", resource: "namespaces" };
      await running().client.create(of, { metadata: { name: `d-${letter}`, labels, ...more } }, {}, signal);
    }
    const change = (letter: string, metadata: object) => running().client.patch(at(`d-${letter}`), { metadata }, signal);
    /** It stays as long as something holds it. */
    const startDeleting = (letter: string) => running().client.delete(at(`d-${letter}`), {}, signal);
    const HELD = { finalizers: ["example.com/held"] };

    function hcl(): string {
      const resources = Object.entries(DEMANDS).map(
        ([name, { args }]) => `
resource "registry_pull_secret" "${name}" {
  name               = "demand-${name}"
  namespace_selector = { ${args.join(", ")} }
  registries         = [{ hosts = ["registry.partner.example"], username = "acme", password_wo = "hunter2", password_wo_version = 1 }]
}
data "registry_namespaces" "${name}" {
  ${args.join("\n  ")}
}`,
      );
      const values = Object.keys(DEMANDS).map((name) => `"${name}" = data.registry_namespaces.${name}.namespaces`);
      return `
provider "registry" {
  owner      = "tests/demands"
  kubernetes = ${running().kubernetes}
}
${resources.join("\n")}
output "selected" { value = { ${values.join(", ")} } }
`;
    }

    type Statuses = { readonly [demand: string]: { readonly [namespace: string]: string } };
    async function statuses(): Promise<Statuses> {
      const shown = JSON.parse((await stack.run("show", "-json")).output) as {
        readonly values: { readonly root_module: { readonly resources: readonly Shown[] } };
      };
      interface Shown {
        readonly address: string;
        readonly values: { readonly targets?: { readonly [namespace: string]: { readonly status: string } } };
      }
      const found = new Map(shown.values.root_module.resources.map(({ address, values }) => [address, values.targets ?? {}]));
      return Object.fromEntries(
        Object.keys(DEMANDS).map((name) => {
          const targets = Object.entries(found.get(addressOf(name)) ?? {});
          return [name, Object.fromEntries(targets.map(([namespace, { status }]) => [namespace, status]))];
        }),
      );
    }
    /** Where the Secrets of each are, in the cluster itself. */
    async function served(): Promise<{ readonly [demand: string]: readonly string[] }> {
      const secrets = await running().client.list<KubernetesObject>({ apiVersion: "v1", resource: "secrets" }, {}, signal);
      const where = (name: string) =>
        secrets.filter(({ metadata }) => metadata.name === `demand-${name}`).map(({ metadata }) => metadata.namespace ?? "");
      return Object.fromEntries(Object.keys(DEMANDS).map((name) => [name, where(name).sort()]));
    }
    const meant = (when: "before" | "after") =>
      Object.fromEntries(Object.entries(DEMANDS).map(([name, demand]) => [name, demand[when]]));
    const inSync = (when: "before" | "after"): Statuses =>
      Object.fromEntries(
        Object.entries(DEMANDS).map(([name, demand]) => [
          name,
          Object.fromEntries(demand[when].map((namespace) => [namespace, "in_sync"])),
        ]),
      );

    it("a plan names what it means, and the apply serves that", async () => {
      const optOut = { annotations: { "registry-access/opt-out": "true" } };
      await Promise.all([
        make("a", { stage: "prod" }),
        make("b", { stage: "prod" }),
        make("c", { stage: "test" }, HELD),
        make("d", {}),
        make("e", {}),
        make("f", { stage: "prod" }, optOut),
        make("g", { stage: "prod" }, HELD),
      ]);
      await startDeleting("g");
      stack.write(hcl());
      const planned = expectWell(await stack.plan());
      const said = planned.messages.map(({ address, detail }) => [address, detail.replace(/ The apply selects.*/, "")]);
      const expected = Object.entries(DEMANDS).map(([name, { before }]) => [
        addressOf(name),
        before.length === 0 ? "Nothing is selected now." : `Selected now: ${before.length} (${before.join(", ")}).`,
      ]);
      expect(said.sort()).toEqual(expected.sort());
      expectWell(await stack.apply("plan.bin"));
      expect(await statuses()).toEqual(inSync("before"));
      expect(await served()).toEqual(meant("before"));
      const again = expectWell(await stack.plan());
      expect({ changes: again.changes, messages: again.messages }).toEqual({ changes: {}, messages: [] });
    });

    it("a refresh alone sees what enters and leaves, and a plan and an apply follow it", async () => {
      await Promise.all([
        change("a", { annotations: { "registry-access/opt-out": "true" } }),
        change("b", { labels: { stage: "test" } }),
        change("d", { labels: { stage: "prod" } }),
        change("f", { annotations: { "registry-access/opt-out": null } }),
        make("h", { stage: "prod" }),
        startDeleting("c"),
      ]);
      // Kubernetes takes away what is in it, although the namespace itself stays.
      await until(async () => (await running().secret("d-c", "demand-exists")) === undefined);
      const before = await served();
      expectWell(await stack.apply("-refresh-only"));
      const expected = Object.entries(DEMANDS).map(([name, { before: then, after: now }]) => {
        const keys = [...new Set([...then, ...now])].filter((namespace) => namespace !== "d-c").sort();
        const how = (namespace: string) =>
          !now.includes(namespace) ? "unmatched" : then.includes(namespace) ? "in_sync" : "missing";
        return [name, Object.fromEntries(keys.map((namespace) => [namespace, how(namespace)]))];
      });
      expect(await statuses()).toEqual(Object.fromEntries(expected));
      // A refresh changes nothing.
      expect(await served()).toEqual(before);

      const changing = Object.entries(DEMANDS).filter(([, demand]) => demand.before.join() !== demand.after.join());
      const planned = expectWell(await stack.plan());
      expect(planned.messages).toEqual([]);
      expect(planned.changes).toEqual(Object.fromEntries(changing.map(([name]) => [addressOf(name), ["update"]])));
      expectWell(await stack.apply("plan.bin"));
      expect(await statuses()).toEqual(inSync("after"));
      expect(await served()).toEqual(meant("after"));
      const { output } = await stack.run("output", "-json", "selected");
      expect(JSON.parse(output)).toEqual(meant("after"));
    });

    it("destroy takes all of it away", async () => {
      expectWell(await stack.destroy());
      expect(Object.values(await served()).flat()).toEqual([]);
      for (const letter of ["c", "g"]) await change(letter, { finalizers: null });
    });
  });
}
