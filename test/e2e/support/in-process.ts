import { type ConfiguredProvider, createConfiguredProvider } from "../../../lib/provider/configured/provider";
import { realRuntime } from "../../../lib/provider/configured/runtime";
import { applyResourceChange } from "../../../lib/provider/framework/apply-resource-change";
import type { Lazy, Logger, PrivateData, ResourceType } from "../../../lib/provider/framework/definition";
import { type Diagnostic, DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import { planResourceChange } from "../../../lib/provider/framework/plan-resource-change";
import { readResource } from "../../../lib/provider/framework/read-resource";
import type { ObjectValue, Value } from "../../../lib/provider/framework/value";

/** What an operation said, and the state that it left. */
export interface Outcome {
  readonly said: readonly Diagnostic[];
  readonly state: ObjectValue | null;
  readonly privateData: PrivateData;
}

/** A resource's lifecycle against a real cluster, without an engine around it: for tables whose rows are many. */
export interface InProcess {
  plan(prior: Outcome | null, config: ObjectValue | null): Promise<Outcome>;
  /** Plans and applies; null for a destroy. */
  apply(prior: Outcome | null, config: ObjectValue | null): Promise<Outcome>;
  refresh(prior: Outcome): Promise<Outcome>;
}

const nothing = () => undefined;
const log: Logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const { signal } = new AbortController();

/** The type under one identity; each operation is a run of its own, in an environment that has nothing else. `config` leaves out what is null. */
export function inProcess(
  resource: ResourceType<ConfiguredProvider>,
  kubeconfig: string,
  environment: { readonly [name: string]: string } = {},
): InProcess {
  const type: Lazy<ResourceType<ConfiguredProvider>> = { schema: resource.schema, load: async () => resource };
  const whole = (config: ObjectValue | null): ObjectValue | null =>
    config &&
    (Object.fromEntries(Object.keys(resource.schema.attributes).map((name) => [name, config[name] ?? null])) as ObjectValue);

  async function run(
    prior: Outcome | null,
    work: (
      context: Parameters<typeof readResource<ConfiguredProvider>>[2],
    ) => Promise<{ state: ObjectValue | null; privateData?: PrivateData } | null>,
  ) {
    const said: Diagnostic[] = [];
    const kubernetes: Value = { config_path: kubeconfig };
    const provider = createConfiguredProvider(
      { owner: "tests/privilege", kubernetes, issuers: null },
      { ...realRuntime, environment },
      log,
    );
    try {
      const result = await work({ provider, signal, log, report: (diagnostic) => void said.push(diagnostic) });
      return { said, state: result?.state ?? null, privateData: result?.privateData ?? null };
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      return { said: [...said, ...error.diagnostics], state: prior?.state ?? null, privateData: prior?.privateData ?? null };
    } finally {
      await (await provider.cluster.client()).close();
    }
  }
  const change = (prior: Outcome | null, config: ObjectValue | null) => ({
    prior: prior?.state ?? null,
    config: whole(config),
    privateData: prior?.privateData ?? null,
  });

  return {
    plan: (prior, config) =>
      run(prior, async (context) => {
        const { planned, privateData } = await planResourceChange(type, change(prior, config), context);
        return { state: planned, privateData };
      }),
    async apply(prior, config) {
      const { state: planned, privateData } = await this.plan(prior, config);
      return run(prior, (context) => applyResourceChange(type, { ...change(prior, config), planned, privateData }, context));
    },
    refresh: (prior) =>
      run(prior, (context) => readResource(type, { state: prior.state ?? {}, privateData: prior.privateData }, context)),
  };
}
