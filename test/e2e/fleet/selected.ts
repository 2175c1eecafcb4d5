import { setMaxListeners } from "node:events";
import { PATCH, PULL_SECRET, SECRET_NAME } from "../support/access-hcl";
import { until } from "../support/cluster";
import { createOutcomes } from "../support/mid-apply";
import { expectWell, removeStack, type Stack } from "../support/terraform";
import {
  accounts,
  allEntries,
  bluemix,
  cluster,
  createOther,
  entriesWith,
  expectNothingToDo,
  expectServed,
  hcl,
  NAMESPACES,
  OTHER_NAME,
  secretsNamed,
  stack,
  useServedFleet,
} from "./setting";

const OWNER = "tests/selected";
const LABEL = "pulls";
const SELECTING = `namespace_selector = { match_labels = { ${LABEL} = "yes" }, match_expressions = [{ key = "retired", operator = "DoesNotExist" }] }`;
const FIRST = NAMESPACES.slice(0, 150);
/** Opts out while others enter and leave. */
const OPTED_OUT = NAMESPACES[60] ?? "";
const SECOND = NAMESPACES.slice(50).filter((namespace) => namespace !== OPTED_OUT);
/** Deleted, and labeled, in the middle of an apply. */
const [GOING, LATE] = ["fleet-190", "fleet-000"] as const;

const { signal } = new AbortController();
setMaxListeners(0, signal);

/** Sets what a namespace says of itself; null takes it away. */
const say = (namespaces: readonly string[], metadata: object) =>
  Promise.all(
    namespaces.map((name) => cluster.client.patch({ apiVersion: "v1", resource: "namespaces", name }, { metadata }, signal)),
  );
const label = (namespaces: readonly string[], value: string | null) => say(namespaces, { labels: { [LABEL]: value } });

/** A fleet that is selected by its labels, which are changed under way. */
export function testSelected(): void {
  describe("fleet: selected by labels", () => {
    const outcomes = createOutcomes();
    let selected: Stack;
    useServedFleet();
    beforeAll(async () => {
      selected = await createOther("selected");
    });
    afterAll(() => {
      removeStack(selected);
      outcomes.print("fleet");
    });

    const write = (round: string) => {
      const pullSecret = `${SELECTING}\n  labels = { round = "${round}" }`;
      selected.write(hcl({ owner: OWNER, namespaces: [], secretName: OTHER_NAME, pullSecret, patch: SELECTING }));
    };
    const written = async (round: string) =>
      [...(await secretsNamed(OTHER_NAME))].filter(([, { metadata }]) => metadata.labels?.round === round).map(([key]) => key);
    async function expectServing(namespaces: readonly string[], round: string): Promise<void> {
      await expectNothingToDo(selected);
      expect([...(await secretsNamed(OTHER_NAME)).keys()]).toEqual(namespaces);
      expect(await written(round)).toEqual(namespaces);
      const ours = new Set(namespaces);
      expect(await allEntries()).toEqual(entriesWith([SECRET_NAME], (namespace) => (ours.has(namespace) ? [OTHER_NAME] : [])));
    }
    async function statuses(address: string): Promise<{ readonly [status: string]: number }> {
      type Targets = { readonly targets: { readonly [key: string]: { readonly status: string } } };
      const { targets = {} } = (await selected.attributes<Targets>(address)) ?? {};
      const counts: { [status: string]: number } = {};
      for (const { status } of Object.values(targets)) counts[status] = (counts[status] ?? 0) + 1;
      return counts;
    }

    it("50 enter and 51 leave: a refresh alone sees it, a plan shows just them, and an apply gets there", async () => {
      await label(FIRST, "yes");
      write("one");
      expectWell(await selected.apply());
      await expectServing(FIRST, "one");

      await Promise.all([
        label(NAMESPACES.slice(0, 25), null),
        say(NAMESPACES.slice(25, 50), { labels: { retired: "yes" } }),
        label(NAMESPACES.slice(150), "yes"),
        say([OPTED_OUT], { annotations: { "registry-access/opt-out": "true" } }),
      ]);
      expectWell(await selected.apply("-refresh-only"));
      const seen = { in_sync: 99, missing: 50, unmatched: 51 };
      expect([await statuses(PULL_SECRET), await statuses(PATCH)]).toEqual([seen, seen]);
      expect(await written("one")).toEqual(FIRST);
      const planned = expectWell(await selected.plan());
      expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
      expect(planned.messages).toEqual([]);
      expect(planned.text.match(/# \(99 unchanged elements hidden\)/g)).toHaveLength(2);
      expectWell(await selected.apply("plan.bin"));
      await expectServing(SECOND, "one");
    });

    it("labels change, and a namespace goes, in the middle of an apply: what was planned is written, and the next apply gets there", async () => {
      write("two");
      expectWell(await selected.plan());
      let gone: Promise<void> | undefined;
      const middle = {
        hasBegun: async () => (await written("two")).length > 0,
        disturb: async () => {
          gone = cluster.deleteNamespace(GOING);
          await say([LATE], { labels: { [LABEL]: "yes" } });
        },
      };
      const applied = await outcomes.applyAnd(selected, middle, "plan.bin");
      await gone;
      // It went before, or after, it had its Secret: either way it is no error, since nobody named it.
      expectWell(applied);
      const staying = SECOND.filter((namespace) => namespace !== GOING);
      expect(await written("two")).toEqual(staying);
      const next = expectWell(await selected.plan());
      expect(next.text).toMatch(new RegExp(`"${LATE}"\\s+= {\\s+~ status = "missing" -> "in_sync"`));
      expectWell(await selected.apply("plan.bin"));
      expect(await written("two")).toEqual([LATE, ...staying]);
      await expectNothingToDo(selected);
      expectWell(await selected.destroy());
      expect([(await secretsNamed(OTHER_NAME)).size, await bluemix.living(OWNER)]).toEqual([0, []]);

      await cluster.createNamespace(GOING);
      await until(async () => (await accounts()).has(GOING));
      await say(NAMESPACES, { labels: { [LABEL]: null, retired: null }, annotations: { "registry-access/opt-out": null } });
      stack.write(hcl());
      expectWell(await stack.apply());
      await expectServed();
    });
  });
}
