import { driftOf, type StackDrift } from "../../../lib/domain/drift/items";
import type { Plan, PlanChange, PlanResource } from "../../../lib/domain/plan-json/read-plan";

const OURS = "registry.terraform.io/registry-access/registry";
const NOW = new Date("2026-11-23T00:00:00Z");
const DAY = 86_400;

const resource = (type: string, values: object, name = "a"): PlanResource => ({
  address: `${type}.${name}`,
  type,
  provider: OURS,
  values: { ...values },
});
const token = (values: object) => resource("registry_token", values);
const change = (type: string, more: Partial<PlanChange>): PlanChange => ({
  address: `${type}.a`,
  mode: "managed",
  type,
  provider: OURS,
  actions: ["update"],
  before: {},
  after: {},
  unknown: new Set(),
  isImport: false,
  ...more,
});
const targets = (statuses: { readonly [key: string]: string }) => ({
  targets: Object.fromEntries(Object.entries(statuses).map(([key, status]) => [key, { status }])),
});

const quiet: StackDrift = { items: [], resources: 1, others: [] };
const cases: { readonly [name: string]: { readonly plan: Partial<Plan>; readonly found: StackDrift } } = {
  "nothing is deployed": { plan: {}, found: { items: [], resources: 0, others: [] } },
  "in sync": {
    plan: {
      resources: [
        resource("registry_pull_secret", { name: "pull", ...targets({ "team-a": "in_sync" }) }),
        token({ status: "active", expires_at: "2026-11-30T00:00:00Z" }),
        resource("registry_pull_check", { status: "pulled" }),
        resource("registry_horizon_service", { status: "published" }),
      ],
    },
    found: { ...quiet, resources: 4 },
  },
  "targets of a pull secret and a patch": {
    plan: {
      resources: [
        resource("registry_pull_secret", {
          name: "pull",
          cluster: "uid-1",
          ...targets({ "team-a": "edited", "team-b": "in_sync", "team-c": "missing" }),
        }),
        resource("registry_service_account_patch", targets({ "team-a/build": "foreign" })),
      ],
    },
    found: {
      items: [
        {
          address: "registry_pull_secret.a",
          verdict: "edited",
          target: "team-a",
          place: { kind: "Secret", namespace: "team-a", name: "pull", cluster: "uid-1" },
        },
        {
          address: "registry_pull_secret.a",
          verdict: "missing",
          target: "team-c",
          place: { kind: "Secret", namespace: "team-c", name: "pull", cluster: "uid-1" },
        },
        {
          address: "registry_service_account_patch.a",
          verdict: "foreign",
          target: "team-a/build",
          place: { kind: "ServiceAccount", namespace: "team-a", name: "build" },
        },
      ],
      resources: 2,
      others: [],
    },
  },
  "a token that is revoked, whatever its age": {
    plan: { resources: [token({ status: "revoked", expires_at: "2026-11-24T00:00:00Z" })] },
    found: { ...quiet, items: [{ address: "registry_token.a", verdict: "revoked" }] },
  },
  "a token that ends soon": {
    plan: { resources: [token({ status: "active", expires_at: "2026-11-24T00:00:00Z" })] },
    found: { ...quiet, items: [{ address: "registry_token.a", verdict: "expiring", expiresAt: "2026-11-24T00:00:00Z" }] },
  },
  "a token whose renewal is due": {
    plan: { resources: [token({ status: "renewal_due", expires_at: "2027-11-24T00:00:00Z" })] },
    found: { ...quiet, items: [{ address: "registry_token.a", verdict: "expiring", expiresAt: "2027-11-24T00:00:00Z" }] },
  },
  "a token that has ended since it was looked at": {
    plan: { resources: [token({ status: "active", expires_at: "2026-11-22T00:00:00Z" })] },
    found: { ...quiet, items: [{ address: "registry_token.a", verdict: "expired", expiresAt: "2026-11-22T00:00:00Z" }] },
  },
  "a status that a newer provider has is drift": {
    plan: { resources: [token({ status: "melted" }), token({ status: "constructor" })] },
    found: {
      ...quiet,
      resources: 2,
      items: [
        { address: "registry_token.a", verdict: "edited" },
        { address: "registry_token.a", verdict: "edited" },
      ],
    },
  },
  "a resource of ours that is gone, and one that was changed": {
    plan: {
      drift: [
        change("registry_openshift_project", { actions: ["delete"], after: null }),
        change("registry_openshift_route", {
          before: { host: "a", secret_of_a_newer_provider: 1 },
          after: { host: "b", secret_of_a_newer_provider: 2 },
        }),
      ],
    },
    found: {
      items: [
        { address: "registry_openshift_project.a", verdict: "missing" },
        { address: "registry_openshift_route.a", verdict: "edited", attributes: ["host"] },
      ],
      resources: 0,
      others: [],
    },
  },
  "what is in order again is no drift": {
    plan: {
      resources: [token({ status: "active" })],
      drift: [change("registry_token", { before: { status: "revoked" }, after: { status: "active" } })],
    },
    found: quiet,
  },
  "other providers' resources are named, and judged where they are gone": {
    plan: {
      drift: [
        change("kubernetes_deployment_v1", { provider: "registry.terraform.io/hashicorp/kubernetes" }),
        change("kubernetes_namespace_v1", { provider: "registry.terraform.io/hashicorp/kubernetes", actions: ["delete"] }),
        change("kubernetes_pod_v1", { actions: ["no-op"] }),
        change("registry_image", { mode: "data" }),
      ],
    },
    found: {
      items: [{ address: "kubernetes_namespace_v1.a", verdict: "missing" }],
      resources: 0,
      others: ["kubernetes_deployment_v1.a"],
    },
  },
  "texts of anybody's are left out": {
    plan: {
      resources: [
        {
          ...resource("registry_pull_secret", { name: "p w", ...targets({ "hunter2!": "edited" }) }),
          address: 'module.m["hunter2\\"]"].registry_pull_secret.a["hunter2"]',
        },
        token({ status: "active", expires_at: "hunter2" }),
      ],
    },
    found: {
      items: [{ address: "module.m[\u2026].registry_pull_secret.a[\u2026]", verdict: "edited", target: "\u2026" }],
      resources: 2,
      others: [],
    },
  },
};

test.each(Object.entries(cases))("%s", (_, { plan, found }) => {
  const whole: Plan = { resources: [], drift: [], changes: [], providerConfig: {}, ...plan };
  expect(driftOf(whole, NOW, 2 * DAY, () => ["host", "status"])).toEqual(found);
});
