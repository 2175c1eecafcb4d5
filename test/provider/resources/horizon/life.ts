import type { ConfiguredProvider } from "../../../../lib/provider/configured/provider";
import { createConfiguredProvider } from "../../../../lib/provider/configured/provider";
import { realRuntime } from "../../../../lib/provider/configured/runtime";
import { applyResourceChange } from "../../../../lib/provider/framework/apply-resource-change";
import type { PrivateData, ResourceType, TypeContext } from "../../../../lib/provider/framework/definition";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import { importResourceState } from "../../../../lib/provider/framework/import-resource-state";
import { planResourceChange } from "../../../../lib/provider/framework/plan-resource-change";
import { readResource } from "../../../../lib/provider/framework/read-resource";
import type { ObjectValue } from "../../../../lib/provider/framework/value";
import { LOGINS, type World } from "../../../sandbox/emulators/exchange/support";

const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** One resource from its first plan on, each run with a provider of its own, as Terraform has it. */
export interface Life {
  /** Refreshes, plans and applies. Returns what the plan changed, by attribute. */
  apply(config: ObjectValue): Promise<{
    readonly changed: readonly string[];
    /** Summaries. */
    readonly warnings: readonly string[];
    readonly details: readonly string[];
  }>;
  /** Refreshes and plans alone. Returns what would change. */
  plan(config: ObjectValue): Promise<readonly string[]>;
  /** Refreshes nothing; returns the warnings. */
  destroy(): Promise<readonly string[]>;
  import(id: string): Promise<void>;
  /** Another run's create beside this one, whose state is then this one's: what it replaced is returned, to be destroyed. */
  readonly state: ObjectValue | null;
  /** Forgets the state, as a killed run does. */
  forget(): void;
  /** Applies, and loses the state that it reached, as a run does that is killed at its end. */
  applyInVain(config: ObjectValue): Promise<void>;
  /** Who logs in from now on. @default ada */
  login(as: string): void;
}

/** What a run of a provider in this world has. */
function contextIn(
  world: World,
  report: (diagnostic: Diagnostic) => void,
  login: string = LOGINS.ada,
): TypeContext<ConfiguredProvider> {
  const environment = { REGISTRY_SIGNING_KEY: process.env.REGISTRY_SIGNING_KEY };
  const horizon = { exchange_url: world.url, org: "acme", user_auth: login, user_auth_env: null, ca_certificate: null };
  const config = { owner: "tests", kubernetes: null, issuers: null, horizon } as unknown as ObjectValue;
  const provider = createConfiguredProvider(config, { ...realRuntime, environment }, log);
  return { provider, signal: new AbortController().signal, log, report };
}

export function createLife(resource: ResourceType<ConfiguredProvider>, world: World): Life {
  const type = { schema: resource.schema, load: async () => resource };
  let state: ObjectValue | null = null;
  let privateData: PrivateData = null;
  let login: string = LOGINS.ada;
  const contextOf = (report: (diagnostic: Diagnostic) => void = () => undefined) => contextIn(world, report, login);
  const whole = (config: ObjectValue): ObjectValue => ({
    ...Object.fromEntries(Object.keys(resource.schema.attributes).map((name) => [name, null])),
    ...config,
  });

  async function planned(config: ObjectValue, context: TypeContext<ConfiguredProvider>) {
    if (state !== null) {
      const read = await readResource(type, { state, privateData }, context);
      state = read?.state ?? null;
      privateData = read?.privateData ?? null;
    }
    const plan = await planResourceChange(type, { config: whole(config), prior: state, privateData }, context);
    const before = state;
    const changed = Object.keys(plan.planned ?? {}).filter(
      (name) => JSON.stringify(before?.[name]) !== JSON.stringify(plan.planned?.[name]),
    );
    return { ...plan, changed };
  }

  async function apply(config: ObjectValue) {
    const reported: Diagnostic[] = [];
    const context = contextOf((diagnostic) => void reported.push(diagnostic));
    const plan = await planned(config, context);
    if (plan.changed.length > 0) {
      const change = { prior: state, planned: plan.planned, config: whole(config), privateData: plan.privateData };
      const applied = await applyResourceChange(type, change, context);
      state = applied.state;
      privateData = applied.privateData;
    }
    const warnings = reported.map(({ summary }) => summary);
    return { changed: plan.changed, warnings, details: reported.map(({ detail }) => detail ?? "") };
  }

  return {
    login(as) {
      login = as;
    },
    async applyInVain(config) {
      const before = [state, privateData] as const;
      await apply(config).catch(() => undefined);
      [state, privateData] = before;
    },
    apply,
    get state() {
      return state;
    },
    forget() {
      state = null;
      privateData = null;
    },
    async plan(config) {
      return (await planned(config, contextOf())).changed;
    },
    async destroy() {
      const warnings: string[] = [];
      const context = contextOf(({ summary }) => void warnings.push(summary));
      await applyResourceChange(type, { prior: state, planned: null, config: null, privateData }, context);
      state = null;
      return warnings;
    },
    async import(id) {
      const imported = await importResourceState(type, id, contextOf());
      state = imported.state;
      privateData = imported.privateData ?? null;
    },
  };
}
