import { accessMapOf } from "../../../lib/domain/access-map/access-map";
import type { ClusterFacts } from "../../../lib/domain/access-map/facts";
import { findingsOf, isUrgent } from "../../../lib/domain/access-map/findings";
import { account, facts, jwt, login, pod, secret } from "./facts";

const NOW = new Date("2026-11-23T00:00:00Z");
const WEEK = 7 * 86_400;
const HOST = "registry.acme.example";
const inHours = (hours: number) => jwt({ exp: NOW.getTime() / 1000 + hours * 3600 });

const cases: { readonly [name: string]: { readonly of: Partial<ClusterFacts>; readonly found: readonly string[] } } = {
  "nothing is wrong": {
    of: { secrets: [secret("team-a", "pull", { [HOST]: login(inHours(200)) })], accounts: [account("team-a", "pull")] },
    found: [],
  },
  "the urgent first, with who uses it": {
    of: {
      secrets: [
        secret("team-a", "idle", { [HOST]: login("pw") }),
        secret("team-a", "bad", { [HOST]: { auth: "?" } }),
        secret("team-a", "soon", { [HOST]: login(inHours(100)), "b.example": login(inHours(100)) }),
        secret("team-a", "late", { [HOST]: login(inHours(-1)) }),
        secret("team-a", "opaque", "", { type: "Opaque" }),
      ],
      accounts: [account("team-a", "bad", "gone", "soon", "late", "opaque")],
      pods: [pod("team-a", "one", "bad"), pod("team-a", "two", "bad")],
    },
    found: [
      "! undecodable_secret team-a/bad has an `auth` that is not base64 of `user:password` (ServiceAccount default, 2 Pods of ServiceAccount default)",
      "! missing_secret team-a/gone is not there (ServiceAccount default)",
      '! ignored_secret team-a/opaque is of type "Opaque", which is no pull secret\'s (ServiceAccount default)',
      "! expired_credential team-a/late has for registry.acme.example a credential that ended at 2026-11-22T23:00:00Z (ServiceAccount default)",
      "expiring_credential team-a/soon has for b.example, registry.acme.example a credential that ends at 2026-11-27T04:00:00Z (ServiceAccount default)",
      "unused_secret team-a/idle is used by nothing in its namespace ()",
    ],
  },
  "what is wrong with a Secret that nothing uses is not urgent": {
    of: { secrets: [secret("team-a", "bad", "no JSON")] },
    found: [
      "undecodable_secret team-a/bad is no docker config JSON ()",
      "unused_secret team-a/bad is used by nothing in its namespace ()",
    ],
  },
  "a Deployment without Pods uses its Secrets": {
    of: {
      secrets: [secret("team-a", "pull", { [HOST]: login("pw") })],
      templates: [{ namespace: "team-a", what: "Deployment shop", spec: { imagePullSecrets: [{ name: "pull" }] } }],
    },
    found: [],
  },
  "so do builds that push with it, volumes and variables": {
    of: {
      secrets: ["push", "volume", "projected", "variable", "variables"].map((name) =>
        secret("team-a", name, { [HOST]: login("pw") }),
      ),
      accounts: [{ ...account("team-a"), secrets: [{ name: "push" }] }],
      templates: [
        {
          namespace: "team-a",
          what: "CronJob build",
          spec: {
            volumes: [{ secret: { secretName: "volume" } }, { projected: { sources: [{ secret: { name: "projected" } }] } }],
            containers: [
              {
                env: [{ valueFrom: { secretKeyRef: { name: "variable" } } }],
                envFrom: [{ secretRef: { name: "variables" } }],
              },
            ],
          },
        },
      ],
    },
    found: [],
  },
  "in another namespace it is another Secret": {
    of: { secrets: [secret("team-b", "pull", { [HOST]: login("pw") })], accounts: [account("team-a", "pull")] },
    found: [
      "! missing_secret team-a/pull is not there (ServiceAccount default)",
      "unused_secret team-b/pull is used by nothing in its namespace ()",
    ],
  },
  "nothing is called unused where not all was looked at": {
    of: {
      secrets: [secret("team-a", "pull", { [HOST]: login("pw") }), secret("team-b", "pull", { [HOST]: login("pw") })],
      notLooked: [{ kind: "workloads", namespace: "team-a", reason: "forbidden" }],
    },
    found: ["unused_secret team-b/pull is used by nothing in its namespace ()"],
  },
};

test.each(Object.entries(cases))("%s", (_, { of, found }) => {
  const all = facts(of);
  const findings = findingsOf(all, accessMapOf(all), NOW, WEEK);
  const lines = findings.map((finding) => {
    const { kind, namespace, pullSecret, detail, usedBy } = finding;
    return `${isUrgent(finding) ? "! " : ""}${kind} ${namespace}/${pullSecret} ${detail} (${usedBy.join(", ")})`;
  });
  expect(lines).toEqual(found);
});
