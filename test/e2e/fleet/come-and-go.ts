import { PULL_SECRET, SECRET_NAME } from "../support/access-hcl";
import { until } from "../support/cluster";
import { createOutcomes } from "../support/mid-apply";
import { errorsOf, expectWell } from "../support/terraform";
import { accounts, cluster, entriesOf, expectServed, hcl, NAMESPACES, secretsNamed, serve, stack } from "./setting";

/** Taken away after the plan, taken away in the middle of the apply, made anew in between, and not there yet when the plan is made. */
const [GONE, GOING, ANEW, LATE] = ["fleet-010", "fleet-190", "fleet-020", "fleet-late"] as const;
const STAYING = NAMESPACES.filter((namespace) => ![GONE, GOING].some((gone) => gone === namespace));

/** Namespaces are deleted and made while the fleet is planned and applied. */
export function testComeAndGo(): void {
  describe("fleet: namespaces come and go", () => {
    const outcomes = createOutcomes();
    afterAll(() => outcomes.print("fleet"));
    const label = (round: string) => `labels = { round = "${round}" }`;
    const labelled = async (round: string) =>
      [...(await secretsNamed())].filter(([, { metadata }]) => metadata.labels?.round === round).map(([key]) => key);

    it("between a plan and its apply, and during it: the rest is served, and the next plan shows what is missing", async () => {
      await serve();
      stack.write(hcl({ namespaces: [...NAMESPACES, LATE], pullSecret: label("saved") }));
      const planned = expectWell(await stack.plan());
      expect(planned.messages.map(({ summary }) => summary)).toContain("Namespace does not exist");
      await Promise.all([
        cluster.deleteNamespace(GONE),
        cluster.deleteNamespace(ANEW).then(() => cluster.createNamespace(ANEW)),
        cluster.createNamespace(LATE),
      ]);
      await until(async () => (await accounts()).has(ANEW));
      let gone: Promise<void> | undefined;
      const middle = {
        hasBegun: async () => (await labelled("saved")).length > 0,
        disturb: async () => {
          gone = cluster.deleteNamespace(GOING);
        },
      };
      const { messages } = await outcomes.applyAnd(stack, middle, "plan.bin");
      await gone;
      const told = messages.map(({ summary, detail }) => `${summary}: ${detail}`).join("\n");
      expect(told).toContain(`"${GONE}"`);
      expect(await labelled("saved")).toEqual(STAYING);
      expect(entriesOf(await cluster.serviceAccount(ANEW))).toEqual([SECRET_NAME]);
      expect(await cluster.secret(LATE, SECRET_NAME)).toMatchObject({ metadata: { labels: { round: "saved" } } });

      const next = expectWell(await stack.plan());
      expect(next.changes).toMatchObject({ [PULL_SECRET]: ["update"] });
      for (const namespace of [GONE, GOING]) {
        expect(next.text).toMatch(new RegExp(`"${namespace}"\\s+= {\\s+~ status = "missing" -> "in_sync"`));
      }
      expect(errorsOf(await stack.apply("plan.bin"))[0]).toMatchObject({
        summary: "Namespaces do not exist",
        detail: expect.stringContaining(`Namespaces "${GONE}" and "${GOING}" do not exist`),
      });

      stack.write(hcl({ namespaces: STAYING, pullSecret: label("left") }));
      expectWell(await stack.apply());
      expect(await labelled("left")).toEqual(STAYING);
      expect(await cluster.secret(LATE, SECRET_NAME)).toBeUndefined();
    });

    it("while a plan reads them: the plan is right about one moment, and the apply gets there", async () => {
      stack.write(hcl());
      const planning = stack.plan();
      await Promise.all([
        cluster.createNamespace(GONE),
        cluster.createNamespace(GOING),
        cluster.deleteNamespace(ANEW).then(() => cluster.createNamespace(ANEW)),
      ]);
      expectWell(await planning);
      expectWell(await stack.apply());
      await expectServed();
    });
  });
}
