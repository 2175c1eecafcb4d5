import { ClientError, type ClientErrorCode } from "../../../../lib/clients/client-error";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import { needsOf, warnOfObstacles } from "../../../../lib/provider/resources/placement/permissions";
import { createFakeCluster } from "../fake-cluster";

type Lack = "reviews" | "namespaces";

/** What a plan says where the cluster answers a kind of question with an error. */
async function plan(onMissingAccess: "warn" | "error", lack: Lack, code: ClientErrorCode): Promise<readonly Diagnostic[]> {
  const cluster = createFakeCluster();
  const { provider, ...context } = cluster.context("tests");
  const fail = async () => Promise.reject(new ClientError(code, "no answer to that"));
  const client = { ...cluster.client, ...(lack === "reviews" ? { can: fail } : { get: fail }) };
  const said: Diagnostic[] = [];
  await warnOfObstacles('Pull secret "pull"', { unseen: ["a"], needs: needsOf("secrets", "pull", ["create"], ["a"]) }, null, {
    ...context,
    provider: { ...provider, onMissingAccess, cluster: { ...provider.cluster, client: async () => client } },
    report: (diagnostic) => void said.push(diagnostic),
  });
  return said;
}

const cases: readonly (readonly [Lack, ClientErrorCode, string])[] = [
  ["reviews", "forbidden", "permissions (SelfSubjectAccessReview: no answer to that)"],
  ["reviews", "unreachable", "permissions (SelfSubjectAccessReview: no answer to that)"],
  ["reviews", "server_error", "permissions (SelfSubjectAccessReview: no answer to that)"],
  ["reviews", "aborted", "the cluster (no answer within 15 s)"],
  ["namespaces", "forbidden", 'namespace "a" (no answer to that)'],
  ["namespaces", "server_error", 'namespace "a" (no answer to that)'],
];

test.each(cases)("issue 4: fails when on_missing_access is error, and %s are answered %s", async (lack, code, names) => {
  expect(await plan("error", lack, code)).toMatchObject([
    { severity: "error", summary: "Access could not be checked", detail: expect.stringContaining(`looked at: ${names}. `) },
  ]);
});

test.each(cases)("says nothing when on_missing_access is warn, and %s are answered %s", async (lack, code) => {
  expect(await plan("warn", lack, code)).toEqual([]);
});
