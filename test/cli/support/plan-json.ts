/** Plans as `terraform show -json` prints them, as much of one as the command line reads. */
const PROVIDER = "registry.terraform.io/registry-access/registry";

/** One resource's change. */
export interface GivenChange {
  readonly type: string;
  readonly name?: string;
  /** @default - the one of its kind */
  readonly key?: string;
  readonly provider?: string;
  readonly actions: readonly string[];
  readonly before?: object | null;
  readonly after?: object | null;
  readonly unknown?: object;
}

/** A plan of changes, and of what the refresh saw changed. */
export function planJson(changes: readonly GivenChange[], drift: readonly GivenChange[] = [], config: object = {}): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: {} },
    resource_changes: changes.map(changeOf),
    ...(drift.length === 0 ? {} : { resource_drift: drift.map(changeOf) }),
    prior_state: {
      values: {
        root_module: {
          resources: changes
            .filter(({ before }) => before !== undefined && before !== null)
            .map(({ before, ...change }) => ({ ...placeOf(change), values: before })),
        },
      },
    },
    configuration: { provider_config: config },
  });
}

function changeOf({ actions, before = null, after = null, unknown = {}, ...place }: GivenChange): object {
  return { ...placeOf(place), change: { actions, before, after, after_unknown: unknown } };
}

function placeOf({
  type,
  name = "access",
  key,
  provider = PROVIDER,
}: Pick<GivenChange, "type" | "name" | "key" | "provider">): object {
  const index = key === undefined ? "" : `[${JSON.stringify(key)}]`;
  return { address: `${type}.${name}${index}`, mode: "managed", type, name, provider_name: provider };
}

/** `targets` of a resource. */
export function targets(statuses: { readonly [key: string]: string }): object {
  return Object.fromEntries(Object.entries(statuses).map(([key, status]) => [key, { status }]));
}

/** A registry token in a state. */
export const token = (more: object = {}): object => ({
  id: "dedicated/5f3c0a5e-0f5b-4e6e-9d0f-2f5e0c9d1b7a",
  credential_id: "dedicated/5f3c0a5e-0f5b-4e6e-9d0f-2f5e0c9d1b7a",
  issuer: "dedicated",
  name: "pull",
  hosts: ["registry.acme.example"],
  username: "token",
  permanent: false,
  read_only: true,
  revoke_on_destroy: true,
  status: "active",
  expires_at: "2026-11-28T00:00:00Z",
  ...more,
});

/** A pull secret in a state. */
export const pullSecret = (statuses: { readonly [namespace: string]: string }, more: object = {}): object => ({
  id: "acme/pull",
  name: "pull",
  namespaces: Object.keys(statuses),
  namespace_selector: null,
  registries: [{ credential_id: "dedicated/5f3c0a5e-0f5b-4e6e-9d0f-2f5e0c9d1b7a", hosts: null, copy_from: null }],
  fingerprint: "scrypt$1$1$1$a$b",
  targets: targets(statuses),
  ...more,
});

/** A patch in a state. */
export const patch = (statuses: { readonly [key: string]: string }, more: object = {}): object => ({
  id: "acme/0123",
  pull_secrets: ["pull"],
  service_accounts: ["default"],
  namespace_selector: null,
  targets: targets(statuses),
  ...more,
});
