import { type Access, accessMapOf } from "../../../lib/domain/access-map/access-map";
import type { ClusterFacts } from "../../../lib/domain/access-map/facts";
import { account, facts, jwt, login, pod, secret } from "./facts";

const HOST = "registry.acme.example";
const usable = { status: "usable", registries: [{ host: HOST, expires: "unknown" }] } as const;

const cases: { readonly [name: string]: { readonly of: Partial<ClusterFacts>; readonly access: readonly object[] } } = {
  "a ServiceAccount's pull secret": {
    of: {
      secrets: [secret("team-a", "pull", { [HOST]: login("hunter2") })],
      accounts: [account("team-a", "pull")],
      pods: [pod("team-a", "one", "pull"), pod("team-a", "two", "pull")],
    },
    access: [{ through: "service_account", pods: 2, entries: [{ pullSecret: "pull", ...usable }], isBroken: false }],
  },
  "owner, expiry of a token, of a permanent token, and Docker Hub": {
    of: {
      secrets: [
        secret(
          "team-a",
          "pull",
          {
            "https://index.docker.io/v1/": login("pw"),
            "b.example/team": login(jwt({ iss: "registry" })),
            [`https://${HOST}/v2/`]: login(jwt({ exp: 1_800_000_000 })),
          },
          { metadata: { namespace: "team-a", name: "pull", annotations: { "registry-access/owner": "shop/prod" } } },
        ),
      ],
      accounts: [account("team-a", "pull")],
    },
    access: [
      {
        through: "service_account",
        pods: 0,
        entries: [
          {
            pullSecret: "pull",
            status: "usable",
            owner: "shop/prod",
            registries: [
              { host: "b.example/team", expires: "never" },
              { host: "docker.io", expires: "unknown" },
              { host: HOST, expires: { at: "2027-01-15T08:00:00Z" } },
            ],
          },
        ],
        isBroken: false,
      },
    ],
  },
  "the older form": {
    of: {
      secrets: [
        {
          metadata: { namespace: "team-a", name: "old" },
          type: "kubernetes.io/dockercfg",
          data: { ".dockercfg": Buffer.from(JSON.stringify({ [HOST]: login("pw") })).toString("base64") },
        },
      ],
      accounts: [account("team-a", "old")],
    },
    access: [{ through: "service_account", pods: 0, entries: [{ pullSecret: "old", ...usable }], isBroken: false }],
  },
  "Pods that have another list than new ones would get": {
    of: {
      secrets: [secret("team-a", "pull", { [HOST]: login("pw") }), secret("team-a", "own", { [HOST]: login("pw") })],
      accounts: [account("team-a", "pull")],
      pods: [
        pod("team-a", "older"),
        pod("team-a", "own", "own"),
        { ...pod("team-a", "done", "own"), status: { phase: "Succeeded" } },
      ],
    },
    access: [
      { through: "service_account", pods: 0, entries: [{ pullSecret: "pull", ...usable }], isBroken: false },
      { through: "pods", pods: 1, entries: [], isBroken: false },
      { through: "pods", pods: 1, entries: [{ pullSecret: "own", ...usable }], isBroken: false },
    ],
  },
  "fails to pull anything when one entry can't be decoded": {
    of: {
      secrets: [
        secret("team-a", "good", { [HOST]: login("pw") }),
        secret("team-a", "bad", { [HOST]: { auth: "no colon, no base64" } }),
      ],
      accounts: [account("team-a", "good", "bad")],
    },
    access: [
      {
        through: "service_account",
        pods: 0,
        entries: [
          { pullSecret: "good", ...usable },
          {
            pullSecret: "bad",
            status: "undecodable",
            fault: "has an `auth` that is not base64 of `user:password`",
            registries: [],
          },
        ],
        isBroken: true,
      },
    ],
  },
  "fails to find what is not there, is no pull secret, or empty": {
    of: {
      secrets: [secret("team-a", "opaque", "", { type: "Opaque" }), secret("team-a", "empty", {})],
      accounts: [account("team-a", "gone", "opaque", "empty")],
    },
    access: [
      {
        through: "service_account",
        pods: 0,
        entries: [
          { pullSecret: "gone", status: "missing", registries: [] },
          {
            pullSecret: "opaque",
            status: "ignored",
            fault: 'is of type "Opaque", which is no pull secret\'s',
            registries: [],
          },
          { pullSecret: "empty", status: "ignored", fault: "holds no credential", registries: [] },
        ],
        isBroken: false,
      },
    ],
  },
  "what may not be read is neither missing nor nothing": {
    of: {
      accounts: [account("team-a", "pull")],
      notLooked: [
        { kind: "Secrets", reason: "forbidden" },
        { kind: "Pods", namespace: "team-a", reason: "forbidden" },
      ],
    },
    access: [
      {
        through: "service_account",
        pods: null,
        entries: [{ pullSecret: "pull", status: "not_looked", registries: [] }],
        isBroken: false,
      },
    ],
  },
  "Secrets that were not asked for": {
    of: { accounts: [account("team-a", "pull", "other")], secretNames: ["pull"] },
    access: [
      {
        through: "service_account",
        pods: 0,
        entries: [
          { pullSecret: "pull", status: "missing", registries: [] },
          { pullSecret: "other", status: "not_looked", registries: [] },
        ],
        isBroken: false,
      },
    ],
  },
  "Pods of a ServiceAccount that may not be read": {
    of: { secrets: [secret("team-a", "pull", { [HOST]: login("pw") })], pods: [pod("team-a", "one", "pull")] },
    access: [{ through: "pods", pods: 1, entries: [{ pullSecret: "pull", ...usable }], isBroken: false }],
  },
};

test.each(Object.entries(cases))("%s", (_, { of, access }) => {
  const found: readonly Access[] = accessMapOf(facts(of)).access;
  expect(found).toEqual(access.map((one) => ({ namespace: "team-a", serviceAccount: "default", ...one })));
});

test("no credential gets into the map", () => {
  const map = accessMapOf(facts({ secrets: [secret("team-a", "pull", { [`user:pw-in-key@${HOST}`]: login("hunter2") })] }));
  expect(map.pullSecrets.map(({ registries }) => registries.map(({ host }) => host))).toEqual([[`…@${HOST}`]]);
  expect(JSON.stringify(map)).not.toMatch(/hunter2|pw-in-key|aHVudGVyMg|dG9rZW46/);
});
