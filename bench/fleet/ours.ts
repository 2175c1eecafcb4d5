import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createUserKubeconfig, type Progress, readAudit, type SandboxState } from "../../sandbox";
import { createStack, removeStack, type Stack } from "../../test/e2e/support/terraform";
import { runTimed, type Timed } from "./engine";
import { type Given, middle, type OurFigures } from "./figures";
import { checkFleet, FLEET, formsOf, HOST, newPassword, USER } from "./objects";
import type { RawClient } from "./raw";

const SECRET = "fleet-pull";
const PASSWORD_ENV = "REGISTRY_FLEET_PASSWORD";
const PLANS = 3;
/** Who plans when nothing is to do: every request of this user is in the audit log. */
export const PLANNER = "fleet-planner";
/** As many as are edited by hand. */
const EDITED = 3;

const PULL_SECRET = "registry_pull_secret.fleet";
const PATCH = "registry_service_account_patch.fleet";

/** What one run needs. */
export interface OurRun {
  readonly state: SandboxState;
  readonly raw: RawClient;
  readonly namespaces: readonly string[];
  readonly by: Given;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Measures all but the synthesis, and destroys what it made. */
export async function measureOurs({
  state,
  raw,
  namespaces,
  by,
  signal,
  progress,
}: OurRun): Promise<Omit<OurFigures, "synth_s">> {
  const planner = await createUserKubeconfig(state, { name: PLANNER, groups: ["system:masters"] });
  const passwords = { first: newPassword(), second: newPassword() };
  const stack = await createStack("bench-fleet", { KUBE_CONFIG_PATH: state.kubeconfig, [PASSWORD_ENV]: passwords.first });
  const peaks: number[] = [];
  const run = async (label: string, ...args: readonly string[]): Promise<Timed> => {
    const timed = await runTimed(stack, "terraform-provider-registry", signal, ...args, "-no-color", "-input=false");
    peaks.push(timed.peak);
    progress.note(`${label}: ${timed.seconds} s, at most ${Math.round(timed.peak / 1e6)} MB`);
    return timed;
  };
  const apply = (label: string): Promise<Timed> => run(label, "apply", "-auto-approve");
  try {
    stack.write(hclOf(PLACEMENT[by](namespaces)));
    await expectInit(stack);
    const first = await apply("first apply");
    await checkFleet(raw, SECRET, namespaces, passwords.first);
    const state_bytes = statSync(join(stack.folder, "terraform.tfstate")).size;

    stack.env.KUBE_CONFIG_PATH = planner;
    const plans: Timed[] = [];
    const requests: number[] = [];
    for (let plan = 0; plan < PLANS; plan++) {
      const before = await requestsOf(state);
      plans.push(await run("no-op plan", "plan", "-detailed-exitcode"));
      requests.push((await requestsOf(state)) - before);
    }
    stack.env.KUBE_CONFIG_PATH = state.kubeconfig;

    const edited = await editByHand(raw, namespaces);
    const edits = await run("plan of what was edited", "plan", "-out=plan.bin");
    await expectChanges(stack, edited);
    const repair = await apply("repair");
    await checkFleet(raw, SECRET, namespaces, passwords.first);

    stack.env[PASSWORD_ENV] = passwords.second;
    await run("plan of the rotation", "plan", "-out=plan.bin");
    const rotate = await apply("rotation");
    await checkFleet(raw, SECRET, namespaces, passwords.second);
    await expectNoSecret(stack, [passwords.first, passwords.second]);
    await run("destroy", "destroy", "-auto-approve");
    return {
      apply_s: first.seconds,
      plan_s: middle(plans.map(({ seconds }) => seconds)),
      repair_plan_s: edits.seconds,
      repair_s: repair.seconds,
      rotate_s: rotate.seconds,
      requests_plan: Math.max(...requests),
      rss_mb: Math.round(Math.max(...peaks) / 1e5) / 10,
      state_bytes,
    };
  } finally {
    removeStack(stack);
  }
}

/** The line of a resource that says where it is. */
const PLACEMENT: { readonly [by in Given]: (namespaces: readonly string[]) => string } = {
  names: (namespaces) => `namespaces = ${JSON.stringify(namespaces)}`,
  selector: () => `namespace_selector = { names = ["${FLEET}*"] }`,
};

/** One pull secret and one patch, whatever the number of namespaces. */
function hclOf(placement: string): string {
  return `
provider "registry" {
  owner      = "bench/fleet"
  kubernetes = {}
}
resource "registry_pull_secret" "fleet" {
  ${placement}
  name       = "${SECRET}"
  registries = [{ hosts = ["${HOST}"], username = "${USER}", password_env = "${PASSWORD_ENV}" }]
}
resource "registry_service_account_patch" "fleet" {
  ${placement}
  pull_secrets = [registry_pull_secret.fleet.name]
}
`;
}

async function expectInit(stack: Stack): Promise<void> {
  const { code, output } = await stack.run("init", "-no-color", "-input=false");
  if (code !== 0) throw new Error(output);
}

async function requestsOf(state: SandboxState): Promise<number> {
  return (await readAudit(state)).filter(({ user }) => user === PLANNER).length;
}

/** Changes one Secret's content, deletes another Secret, and unlinks a third from its ServiceAccount; returns where, as `targets` names it. */
async function editByHand(raw: RawClient, namespaces: readonly string[]): Promise<readonly string[]> {
  const step = Math.max(1, Math.floor(namespaces.length / EDITED));
  const [changed, deleted, unlinked] = [0, step, 2 * step].map((index) => namespaces[index] ?? "");
  const secret = (namespace: string | undefined) => `/api/v1/namespaces/${namespace}/secrets/${SECRET}`;
  const data = { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") };
  await raw.send({ method: "PATCH", path: secret(changed), body: { data } });
  await raw.send({ method: "DELETE", path: secret(deleted) });
  const account = `/api/v1/namespaces/${unlinked}/serviceaccounts/default`;
  await raw.send({ method: "PATCH", path: account, body: { imagePullSecrets: null } });
  return [`${changed}`, `${deleted}`, `${unlinked}/default`];
}

interface PlanData {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: { readonly before: WithTargets | null; readonly after: WithTargets | null };
  }[];
}
interface WithTargets {
  readonly targets?: { readonly [target: string]: { readonly status?: string } };
}

/** Throws unless the plan changes exactly these targets. */
async function expectChanges(stack: Stack, expected: readonly string[]): Promise<void> {
  const { output } = await stack.run("show", "-json", "plan.bin");
  const { resource_changes } = JSON.parse(output) as PlanData;
  const changed = resource_changes
    .filter(({ address }) => [PULL_SECRET, PATCH].includes(address))
    .flatMap(({ change }) => changedTargets(change.before, change.after));
  if (changed.join() !== expected.join()) {
    throw new Error(`The plan changes ${changed.join(", ") || "nothing"}, and was to change ${expected.join(", ")}.`);
  }
}

function changedTargets(before: WithTargets | null, after: WithTargets | null): readonly string[] {
  const [was, will] = [before?.targets ?? {}, after?.targets ?? {}];
  const names = [...new Set([...Object.keys(was), ...Object.keys(will)])].sort();
  return names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(will[name]));
}

/** Throws where a state or the plan of the rotation holds a password in any form. */
async function expectNoSecret(stack: Stack, passwords: readonly string[]): Promise<void> {
  const plan = await stack.run("show", "-json", "plan.bin");
  const texts = {
    plan: plan.output,
    state: readFileSync(join(stack.folder, "terraform.tfstate"), "utf8"),
    "backup of the state": readFileSync(join(stack.folder, "terraform.tfstate.backup"), "utf8"),
  };
  for (const [name, text] of Object.entries(texts)) {
    if (passwords.flatMap(formsOf).some((form) => text.includes(form))) throw new Error(`The ${name} holds a password.`);
  }
}
