import { restartProcess, stopProcess } from "../../../sandbox";
import { PULL_SECRET } from "../support/access-hcl";
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

    it("create: everything is written, or all of it undone, or the message says what is left", async () => {
      const newcomer = await createOther("newcomer");
      newcomer.write(hcl({ owner: NEWCOMER, secretName: OTHER_NAME }));
      const { code, messages } = await restartIn(newcomer, async () => (await secretsNamed(OTHER_NAME)).size > 0);
      const left = await secretsNamed(OTHER_NAME);
      const isUndone = left.size === 0 || messages.some(({ summary }) => summary === "Not everything could be undone");
      expect(code === 0 ? left.size === NAMESPACES.length : isUndone).toBe(true);
      if (code !== 0) expect(messages[0]).toMatchObject({ address: PULL_SECRET });
      expectWell(await newcomer.apply());
      expect([...(await secretsNamed(OTHER_NAME)).keys()]).toEqual(NAMESPACES);
      await expectNothingToDo(newcomer);
      await bluemix.onlyLiving(NEWCOMER);
      expectWell(await newcomer.destroy());
      expect([(await secretsNamed(OTHER_NAME)).size, await bluemix.living(NEWCOMER)]).toEqual([0, []]);
      removeStack(newcomer);
    });

    it("update: what was written stays, and the next apply writes the rest", async () => {
      const uids = async () => [...(await secretsNamed()).values()].map(({ metadata }) => metadata.uid);
      const before = await uids();
      stack.write(hcl({ pullSecret: 'labels = { restarted = "yes" }' }));
      const written = async () => [...(await secretsNamed()).values()].filter(({ metadata }) => metadata.labels?.restarted);
      const { code, messages } = await restartIn(stack, async () => (await written()).length > 0);
      expect(code === 0 || messages.some(({ address }) => address === PULL_SECRET)).toBe(true);
      expectWell(await stack.apply());
      expect([await written(), await uids()]).toMatchObject([{ length: NAMESPACES.length }, before]);
      await expectServed();
      await bluemix.onlyLiving(OWNER);
    });
  });
}
