import type { SecretObject } from "../../../../lib/clients/kubernetes/client";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import { type ObjectValue, UNKNOWN } from "../../../../lib/provider/framework/value";
import { plan } from "../../../../lib/provider/resources/pull-secret/plan";
import { createFakeCluster } from "../fake-cluster";

const config: ObjectValue = {
  name: "pull",
  namespaces: ["a", UNKNOWN],
  registries: [{ hosts: ["registry.example.com"], username: "acme", password_wo: "hunter22" }],
  adopt_existing: true,
};

/** Plans a create where namespace a has somebody else's Secret of this type. */
async function planOver(type: string) {
  const cluster = createFakeCluster();
  const data = { ".dockerconfigjson": Buffer.from('{"auths":{"lost.example":{"auth":"dTpw"}}}').toString("base64") };
  const theirs: SecretObject = { type, metadata: { name: "pull", namespace: "a" }, data };
  cluster.put("secrets", theirs);
  const said: Diagnostic[] = [];
  const context = { ...cluster.context("tests"), report: (diagnostic: Diagnostic) => void said.push(diagnostic) };
  const planned = await plan({ config, prior: null, proposed: config, privateData: null }, context);
  return { said, targets: planned.planned.targets, privateData: planned.privateData };
}

describe("issue 4: a plan that knows some of the namespaces looks at those", () => {
  it("and says what is lost there", async () => {
    expect(await planOver("kubernetes.io/dockerconfigjson")).toEqual({
      targets: UNKNOWN,
      privateData: expect.objectContaining({ adopted: "a" }),
      said: [
        expect.objectContaining({
          summary: "Secrets would be taken over",
          detail: expect.stringContaining("- a: it names no owner: it was made by hand, or by another tool; lost: lost.example"),
        }),
      ],
    });
  });

  it("fails for one of another type", async () => {
    await expect(planOver("Opaque")).rejects.toMatchObject({ diagnostics: [{ summary: "Secret of another type" }] });
  });
});
