/** A Pod or Deployment of a stack. */
export interface DeployedSample {
  readonly kind: "Deployment" | "Pod";
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
}

/** A pull secret of a stack. */
export interface DeployedPullSecret {
  readonly name: string;
  /** The registry hosts that it has a credential for, as far as the state names them. */
  readonly hosts: readonly string[];
  /** Whether it copies all hosts of another Secret: then the Secret alone names them. */
  readonly copiesAll: boolean;
}

/** What a stack's state says that it made, as far as the table needs it. */
export interface Deployed {
  /** Namespace → the pull secrets written there. */
  readonly pullSecrets: ReadonlyMap<string, readonly DeployedPullSecret[]>;
  /** Namespace → ServiceAccount → the pull secrets linked to it. */
  readonly serviceAccounts: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  readonly samples: readonly DeployedSample[];
}

interface StateResource {
  readonly type: string;
  readonly mode: string;
  readonly values: { readonly [name: string]: unknown };
}
interface StateModule {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly StateModule[];
}

/** The outputs of a stack that are texts, by their names; the state is in the form of `terraform show -json`. */
export function readOutputs(state: unknown): Readonly<Record<string, string>> {
  const { outputs = {} } =
    (state as { readonly values?: { readonly outputs?: Record<string, { readonly value: unknown }> } }).values ?? {};
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, { value }]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}

/** Reads a state in the form of `terraform show -json`. */
export function readDeployed(state: unknown): Deployed {
  const root = (state as { readonly values?: { readonly root_module?: StateModule } }).values?.root_module;
  const resources = root === undefined ? [] : resourcesOf(root).filter(({ mode }) => mode === "managed");
  const pullSecrets = new Map<string, DeployedPullSecret[]>();
  const serviceAccounts = new Map<string, Map<string, string[]>>();
  for (const { type, values } of resources) {
    const targets = Object.keys((values.targets as object | undefined) ?? {});
    if (type === "registry_pull_secret") {
      const pullSecret = { name: String(values.name), ...hostsWithCredential(values) };
      for (const namespace of targets) add(pullSecrets, namespace, [pullSecret]);
    }
    if (type === "registry_service_account_patch") {
      for (const [namespace = "", account = ""] of targets.map((target) => target.split("/"))) {
        const accounts = serviceAccounts.get(namespace) ?? new Map<string, string[]>();
        add(accounts, account, values.pull_secrets as string[]);
        serviceAccounts.set(namespace, accounts);
      }
    }
  }
  return { pullSecrets, serviceAccounts, samples: resources.flatMap(toSample) };
}

function resourcesOf({ resources = [], child_modules = [] }: StateModule): StateResource[] {
  return [...resources, ...child_modules.flatMap(resourcesOf)];
}

function add<T>(map: Map<string, T[]>, key: string, values: readonly T[]): void {
  map.set(key, [...(map.get(key) ?? []), ...values]);
}

interface RegistryValues {
  readonly hosts?: readonly string[] | null;
  readonly credential_id?: string | null;
  readonly username?: string | null;
  readonly copy_from?: { readonly hosts?: readonly string[] | null } | null;
}

/** An entry without a credential is a public registry's, which the Secret has nothing for. */
function hostsWithCredential(values: StateResource["values"]): Pick<DeployedPullSecret, "hosts" | "copiesAll"> {
  const registries = (values.registries as readonly RegistryValues[] | undefined) ?? [];
  const hosts = registries.flatMap(({ hosts, credential_id, username, copy_from }) =>
    copy_from ? (copy_from.hosts ?? []) : credential_id || username ? (hosts ?? []) : [],
  );
  return { hosts, copiesAll: registries.some(({ copy_from }) => copy_from && !copy_from.hosts) };
}

interface WorkloadValues {
  readonly metadata: readonly [{ readonly name: string; readonly namespace: string }];
  readonly spec: readonly [
    {
      readonly replicas?: string;
      readonly template?: readonly [WorkloadValues];
      readonly container?: readonly { readonly image: string }[];
    },
  ];
}

function toSample({ type, values }: StateResource): DeployedSample[] {
  if (type !== "kubernetes_deployment_v1" && type !== "kubernetes_pod_v1") return [];
  const {
    metadata: [{ name, namespace }],
    spec,
  } = values as unknown as WorkloadValues;
  const kind = type === "kubernetes_pod_v1" ? "Pod" : "Deployment";
  const container = (spec[0].template?.[0].spec[0] ?? spec[0]).container?.[0];
  const replicas = kind === "Pod" ? 1 : Number(spec[0].replicas ?? 1);
  return [{ kind, name, namespace, image: container?.image ?? "", replicas }];
}
