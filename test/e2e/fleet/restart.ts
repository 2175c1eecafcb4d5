import { restartProcess, stopProcess } from "../../../sandbox";
import { createOutcomes } from "../support/mid-apply";
import { type Applied, expectWell, removeStack, type Stack } from "../support/terraform";
import {
  bluemix,
  cluster,
  createOther,
  expectNothingToDo,
  expectServed,
  hcl,
  NAMESPACES,
  OTHER_NAME,
  OWNER,
  secretsNamed,
  stack,
  useServedFleet,
} from "./setting";

const NEWCOMER = "tests/newcomer";

/** An API server that is restarted in the middle of an apply. */
export function testRestart(): void {
  describe("fleet: the API server is restarted in the middle of an apply", () => {
    const outcomes = createOutcomes();
    useServedFleet();
    afterAll(() => outcomes.print("fleet"));

    /** Applies, and takes the API server away once the first Secret is written; it is back when this returns. */
    async function restartIn(of: Stack, hasBegun: () => Promise<boolean>): Promise<Applied> {
      let up: Promise<void> | undefined;
      const disturb = async () => {
        await stopProcess(cluster.state, "kube-apiserver");
        up = restartProcess(cluster.state, "kube-apiserver");
        // Waited for below, where it throws.
        up.catch(() => {});
      };
      const applied = await outcomes.applyAnd(of, { hasBegun, disturb });
      await up;
      return applied;
    }

    it("create waits for it, and writes everything", async () => {
      const newcomer = await createOther("newcomer");
      newcomer.write(hcl({ owner: NEWCOMER, secretName: OTHER_NAME }));
      expectWell(await restartIn(newcomer, async () => (await secretsNamed(OTHER_NAME)).size > 0));
      expect([...(await secretsNamed(OTHER_NAME)).keys()]).toEqual(NAMESPACES);
      await expectNothingToDo(newcomer);
      await bluemix.onlyLiving(NEWCOMER);
      expectWell(await newcomer.destroy());
      expect([(await secretsNamed(OTHER_NAME)).size, await bluemix.living(NEWCOMER)]).toEqual([0, []]);
      removeStack(newcomer);
    });

    it("update waits for it, and writes the rest", async () => {
      const uids = async () => [...(await secretsNamed()).values()].map(({ metadata }) => metadata.uid);
      const before = await uids();
      stack.write(hcl({ pullSecret: 'labels = { restarted = "yes" }' }));
      const written = async () => [...(await secretsNamed()).values()].filter(({ metadata }) => metadata.labels?.restarted);
      expectWell(await restartIn(stack, async () => (await written()).length > 0));
      expect([await written(), await uids()]).toMatchObject([{ length: NAMESPACES.length }, before]);
      await expectServed();
      await bluemix.onlyLiving(OWNER);
    });
  });
}
