import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MOST_REQUESTS } from "../../../lib/clients/kubernetes/most-requests";
import { accessRules, clusterIdRules, type PolicyRule } from "../../../lib/domain/access-rules";
import { createUserKubeconfig, readAudit } from "../../../sandbox";
import { SECRET_NAME } from "../support/access-hcl";
import { applyObjects, type RbacObject, untilAllowed } from "../support/identities";
import { expectWell, removeStack, type Stack } from "../support/terraform";
import {
  bluemix,
  cluster,
  createOther,
  expectNothingToDo,
  expectServed,
  hcl,
  NAMESPACES,
  NARROW,
  OTHER_NAME,
  secretsNamed,
  stack,
  useServedFleet,
} from "./setting";

const ALL = NAMESPACES.length;
const NAMES = { pullSecrets: [SECRET_NAME, OTHER_NAME], serviceAccounts: ["default"] };
/** Requests by kind: `list secrets (all)`, `get secrets (one namespace)`, and of the reads of Secrets each that is not for our name. */
interface Asked {
  readonly counts: { readonly [kind: string]: number };
  readonly otherSecrets: readonly string[];
}

/** The resource of a path without a namespace: its last part, or that before the name of one. */
function kindOf(pathname: string): string {
  return pathname.startsWith("/api/v1/namespaces/") ? "namespaces" : (pathname.split("/").at(-1) ?? "");
}

/** What a user asks while something is done. */
async function asked(user: string, work: () => Promise<unknown>): Promise<Asked> {
  const before = (await readAudit(cluster.state)).length;
  await work();
  const requests = (await readAudit(cluster.state)).slice(before).filter((request) => request.user === user);
  const counts: { [kind: string]: number } = {};
  const otherSecrets: string[] = [];
  for (const { verb, uri } of requests) {
    const { pathname, searchParams } = new URL(uri, "https://api");
    const [, namespace, resource = kindOf(pathname), name] =
      /^\/api\/v1\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/.exec(pathname) ?? [];
    const kind = `${verb} ${resource}${namespace === undefined ? "" : " there"}`;
    // A refusal is taken for one once the API server is known to be ready, which is asked at most once a second.
    if (resource === "readyz") continue;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (resource !== "secrets" || verb === "create") continue;
    const which = name ?? searchParams.get("fieldSelector")?.replace("metadata.name=", "");
    if (which !== SECRET_NAME && which !== OTHER_NAME) otherSecrets.push(`${verb} ${uri}`);
  }
  return { counts, otherSecrets };
}

/** Rights in each namespace, by a binding there, and no list over all. */
export function testNarrow(): void {
  describe("fleet: rights in each namespace, and none over all", () => {
    const kubeconfigs: { [user: string]: string } = {};
    useServedFleet();

    beforeAll(async () => {
      const apiGroup = "rbac.authorization.k8s.io";
      const role = (name: string, rules: readonly PolicyRule[]): RbacObject => ({
        kind: "ClusterRole",
        metadata: { name },
        rules: rules.map(({ why: _, ...rule }) => rule),
      });
      const bind = (name: string, namespace: string, user: string): RbacObject => ({
        kind: "RoleBinding",
        metadata: { name: `${name}-${user}`, namespace },
        roleRef: { apiGroup, kind: "ClusterRole", name },
        subjects: [{ apiGroup, kind: "User", name: user }],
      });
      const rules = accessRules("apply", NAMES);
      const withoutList = rules.map((rule) => ({ ...rule, verbs: rule.verbs.filter((verb) => verb !== "list") }));
      await applyObjects(cluster, [
        role(NARROW.lists, rules),
        role(
          NARROW.gets,
          withoutList.filter(({ verbs }) => verbs.length > 0),
        ),
        role("narrow-which", clusterIdRules()),
      ]);
      const users = Object.values(NARROW);
      const bindings = users.flatMap((user) => [
        bind("narrow-which", "kube-system", user),
        ...NAMESPACES.map((namespace) => bind(user, namespace, user)),
      ]);
      await Promise.all(bindings.map((binding) => applyObjects(cluster, [binding])));
      for (const user of users) {
        const kubeconfig = await createUserKubeconfig(cluster.state, { name: user });
        await untilAllowed(kubeconfig, "get", "secrets", OTHER_NAME, NAMESPACES.at(-1) ?? "");
        kubeconfigs[user] = kubeconfig;
      }
    });

    /** Has the stack log what our provider says. */
    function logOf(of: Stack): () => readonly string[] {
      const file = join(of.folder, "provider.log");
      Object.assign(of.env, { TF_LOG_PROVIDER: "INFO", TF_LOG_PATH: file });
      return () => {
        const lines = readFileSync(file, "utf8").split("\n");
        rmSync(file);
        for (const name of ["TF_LOG_PROVIDER", "TF_LOG_PATH"]) delete of.env[name];
        return lines.filter((line) => line.includes("namespace by namespace"));
      };
    }

    it("a refresh lists once where that is allowed, else in each namespace, else gets each; no other Secret is read, and nothing is reviewed", async () => {
      // A Secret that is nobody's business.
      await cluster.create("secrets", { metadata: { name: "theirs", namespace: NAMESPACES[3] ?? "" } });
      const wide = await asked("limited-apply", () => stack.apply("-refresh-only"));
      const seen: { [user: string]: Asked } = {};
      for (const user of Object.values(NARROW)) {
        stack.write(hcl({ kubernetes: `{ config_path = ${JSON.stringify(kubeconfigs[user])} }` }));
        const hints = logOf(stack);
        seen[user] = await asked(user, () => expectNothingToDo(stack));
        expect(hints()).toEqual(
          ["secrets", "serviceaccounts"].map((resource) =>
            expect.stringMatching(
              new RegExp(
                `${resource} .* With the verb list on ${resource} in all namespaces .* one list would do.*requests=\\d+`,
              ),
            ),
          ),
        );
      }
      // One tries the list over all, and one whether a list is allowed in a namespace; nobody asks what is allowed.
      const which = { "get namespaces": 1 };
      const denied = { ...which, "list secrets": 1, "list serviceaccounts": 1 };
      expect({ ...seen, wide }).toEqual({
        wide: { counts: denied, otherSecrets: [] },
        [NARROW.lists]: { counts: { ...denied, "list secrets there": ALL, "list serviceaccounts there": ALL }, otherSecrets: [] },
        [NARROW.gets]: {
          counts: {
            ...denied,
            "list secrets there": 1,
            "get secrets there": ALL,
            "list serviceaccounts there": 1,
            "get serviceaccounts there": ALL,
          },
          otherSecrets: [],
        },
      });
      stack.write(hcl());
      await cluster.delete("secrets", NAMESPACES[3] ?? "", "theirs");
      await expectServed();
    });

    it("a create reviews what it may do in few requests, and writes", async () => {
      const other = await createOther("narrow", () => ({ KUBE_CONFIG_PATH: kubeconfigs[NARROW.lists] ?? "" }));
      other.write(hcl({ owner: "tests/narrow", secretName: OTHER_NAME }));
      const planned = await asked(NARROW.lists, async () => expectWell(await other.plan()));
      const applied = await asked(NARROW.lists, async () => expectWell(await other.apply("plan.bin")));
      // Get, create, update and delete of Secrets, get and update of ServiceAccounts: asked once over all, then all of them in each namespace.
      const reviews = { "create selfsubjectaccessreviews": 6, "create selfsubjectrulesreviews": ALL };
      const looks = { "get namespaces": 1 + ALL, "list namespaces": 1 };
      expect(planned).toEqual({ counts: { ...reviews, ...looks }, otherSecrets: [] });
      const { "create pods there": probes = 0, ...counts } = applied.counts;
      expect({ ...applied, counts }).toEqual({
        counts: {
          ...reviews,
          ...looks,
          "list secrets": 1,
          "list secrets there": ALL,
          "create secrets there": ALL,
          "list serviceaccounts": 1,
          "list serviceaccounts there": ALL,
          "update serviceaccounts there": ALL,
        },
        otherSecrets: [],
      });
      // Whether it may make Pods for show: those that are under way at once find out.
      expect(probes).toBeLessThanOrEqual(MOST_REQUESTS);
      expect([...(await secretsNamed(OTHER_NAME)).keys()]).toEqual(NAMESPACES);
      expectWell(await other.destroy());
      removeStack(other);
      expect([(await secretsNamed(OTHER_NAME)).size, await bluemix.living("tests/narrow")]).toEqual([0, []]);
      await expectServed();
    });
  });
}
