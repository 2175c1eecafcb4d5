/** Who the end-to-end suites run Terraform as: each phase under its own published role, and every exception has its reason here. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "e2e");

/** Suites in which a command of Terraform's runs as the cluster's administrator, or as somebody of the test's own, and why. */
const OTHERS: { readonly [suite: string]: string } = {
  "all-systems": "the example's stack takes the sandbox's own kubeconfig; the roles of OpenShift's APIs are tried in openshift",
  crashes: "the lane of IBM Cloud and OpenShift leads through a tripwire, as the administrator; all else runs under the roles",
  disturbances: "administrators of its own where clocks differ; all else runs under the roles",
  engines: "an engine's own behaviour; main.ts runs under the roles with each engine there, too",
  examples: "the documented command takes the sandbox's own kubeconfig",
  faults: "its kubeconfig leads through the fault proxy, and is the administrator's",
  fleet:
    "users with rights in single namespaces, in all or half of them, and one who goes through the fault proxy; all else runs under the roles",
  "ibm-cloud": "its own resources ask no cluster anything; pull secrets and patches run under the roles elsewhere",
  "kubernetes-provider": "the stand-in for hashicorp/kubernetes, none of ours",
  "least-privilege": "users that lack one permission each, beside those of the roles",
  migration: "only hashicorp/kubernetes deletes ServiceAccounts, which the roles don't allow; all else runs under them",
  mistakes: "users without any right, and clusters that can't be reached; all else runs under the roles",
  networks: "ways to log in, and users of its own",
  "open-horizon": "the resources of the exchange ask no cluster anything",
  "open-horizon-walk":
    "the example's stack takes the sandbox's own kubeconfig; the roles of OpenShift's APIs are tried in openshift",
  openshift: "the example's stack takes the sandbox's own kubeconfig, beside users of each role and of none",
  "pull-check": "users who may look at less than a check looks at; all else runs under the roles",
  "pull-secret": "users with rights in single namespaces; all else runs under the roles",
  "registry-certificate": "the data source asks no cluster anything",
  secretless: "kubeconfigs that are wrong; all else runs under the roles",
  start: "npm start takes the sandbox's own kubeconfig, or the user's",
  review: "plans are under the roles; whom they reach is looked at by a person, who may list Pods",
  status: "the command line is run by a person, with the sandbox's own kubeconfig, and by users who may see less",
  upgrade: "the kept configuration names one kubeconfig for all commands",
  "wrong-cluster": "a writer that may not read kube-system; all else runs under the roles",
};

/** The text of a suite and of the folder of its name. */
function textOf(suite: string): string {
  const folder = join(FOLDER, suite);
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const parts = names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
  return [join(FOLDER, `${suite}.test.ts`), ...parts].map((file) => readFileSync(file, "utf8")).join("\n");
}

/** The calls of a function, each with its arguments; `}` and `)` within strings are none of these calls. */
function callsOf(name: string, text: string): readonly string[] {
  return text
    .split(new RegExp(`\\b${name}\\(`))
    .slice(1)
    .map((rest) => {
      let depth = 1;
      let end = 0;
      for (; end < rest.length && depth > 0; end += 1) depth += rest[end] === "(" ? 1 : rest[end] === ")" ? -1 : 0;
      return rest.slice(0, end - 1);
    });
}

/** True where a stack gets no environment by command, a test has a kubeconfig beside those of the roles, or a script of ours that deploys is run. */
function runsAsOthers(suite: string): boolean {
  const text = textOf(suite);
  const stacks = callsOf("createStack", text);
  const scripts = /startNpm\(|\["--prefix", ROOT, "run"/.test(text);
  const users = /createUserKubeconfig\(|\bstate\.kubeconfig\b/.test(text);
  return scripts || users || stacks.some((args) => !/envOf|environmentOf|homeOf|kubeconfigOf/.test(args));
}

describe("end-to-end suites and the published roles", () => {
  const suites = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => file.replace(/\.test\.ts$/, ""));

  it("every suite that runs Terraform as somebody else says why", () => {
    expect(suites.filter((suite) => runsAsOthers(suite) && OTHERS[suite] === undefined)).toEqual([]);
  });

  it.each(Object.entries(OTHERS))("not under the roles throughout: %s (%s)", (suite, why) => {
    expect(suites).toContain(suite);
    expect(why).not.toBe("");
    expect(runsAsOthers(suite)).toBe(true);
  });
});
