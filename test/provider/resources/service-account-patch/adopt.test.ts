import { ClientError } from "../../../../lib/clients/client-error";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../../lib/provider/framework/value";
import { create } from "../../../../lib/provider/resources/service-account-patch/create";
import { plan } from "../../../../lib/provider/resources/service-account-patch/plan";
import { createFakeCluster } from "../fake-cluster";

const ENTRIES = "registry-access/entries";
const config = { namespaces: ["a", "b"], service_accounts: ["default"], pull_secrets: ["mine", "theirs"], adopt_existing: true };

/** "theirs" is by hand in a; in b it is another owner's. */
function world() {
  const cluster = createFakeCluster();
  const metadata = (namespace: string) => ({ name: "default", namespace });
  const entry = { imagePullSecrets: [{ name: "theirs" }] };
  const annotations = { [ENTRIES]: JSON.stringify({ other: { theirs: "4567" } }) };
  cluster.put("serviceaccounts", { metadata: metadata("a"), ...entry } as never);
  cluster.put("serviceaccounts", { metadata: { ...metadata("b"), annotations }, ...entry } as never);
  const said: Diagnostic[] = [];
  // One for each run.
  const context = () => ({ ...cluster.context("tests"), report: (diagnostic: Diagnostic) => void said.push(diagnostic) });
  return { cluster, context, said };
}

const lines = (said: readonly Diagnostic[]) => said.map(({ summary, detail }) => [summary, detail.split("\n")[1]]);

describe("adopting entries: what a plan could not see is said by the apply", () => {
  it("once the apply meets it", async () => {
    const { context, said } = world();
    await create({ planned: config, privateData: null }, context());
    expect(lines(said)).toEqual([["Entries were taken over", '  - "theirs" of a/default']]);
  });

  it("but not again, and a plan that changes nothing looks at nothing", async () => {
    const { cluster, context, said } = world();
    const proposed: ObjectValue = config;
    const planned = await plan({ config, prior: null, proposed, privateData: null }, context());
    expect(lines(said)).toEqual([["Entries would be taken over", '  - "theirs" of a/default']]);
    const privateData = planned.privateData ?? null;
    const created = await create({ planned: planned.planned, privateData }, context());
    expect(said).toHaveLength(1);
    const { state } = created;
    const list = jest.spyOn(cluster.client, "list");
    await plan({ config, prior: state, proposed: { ...state }, privateData: created.privateData ?? null }, context());
    expect({ said: said.length, looked: list.mock.calls.length }).toEqual({ said: 1, looked: 0 });
  });

  it("fails to look: a warning, and the plan goes on", async () => {
    const { cluster, context, said } = world();
    jest.spyOn(cluster.client, "list").mockRejectedValue(new ClientError("throttled", "too many"));
    await plan({ config, prior: null, proposed: config, privateData: null }, context());
    expect(said).toContainEqual(
      expect.objectContaining({
        severity: "warning",
        detail: expect.stringMatching(
          /^Which entries adopt_existing would take over could not be found out; the apply looks again\./,
        ),
      }),
    );
  });
});
