import { PULL_SECRET, SECRET_NAME } from "../support/access-hcl";
import { errorsOf, expectWell, removeStack } from "../support/terraform";
import {
  allEntries,
  bluemix,
  createOther,
  entriesWith,
  expectNothingToDo,
  expectServed,
  hcl,
  NAMESPACES,
  OTHER_NAME,
  OWNER,
  secretsNamed,
  useServedFleet,
} from "./setting";

const NEIGHBOUR = "tests/neighbour";
/** The namespaces that both stacks serve. */
const SHARED = NAMESPACES.slice(100);

/** A second stack at work in the same namespaces. */
export function testNeighbours(): void {
  describe("fleet: two stacks on overlapping namespaces", () => {
    useServedFleet();

    it("Secrets of one name are refused as foreign to the second; under another name both serve, and each takes away its own", async () => {
      const neighbour = await createOther("neighbour");
      const write = (secretName: string) => neighbour.write(hcl({ owner: NEIGHBOUR, namespaces: SHARED, secretName }));
      const before = await secretsNamed();
      write(SECRET_NAME);
      const refused = errorsOf(await neighbour.apply());
      expect(refused[0]).toMatchObject({
        summary: "Secret belongs to somebody else",
        detail: expect.stringContaining(`has a Secret "${SECRET_NAME}" already, and it belongs to owner "${OWNER}".`),
        address: PULL_SECRET,
      });
      // One in full, and how many more: nobody reads a hundred.
      expect(refused).toHaveLength(1);
      expect(refused[0]?.detail).toContain(`The same in ${SHARED.length - 1} other namespaces`);
      expect(await secretsNamed()).toEqual(before);

      write(OTHER_NAME);
      expectWell(await neighbour.apply());
      expect([...(await secretsNamed(OTHER_NAME)).keys()]).toEqual(SHARED);
      const others = (namespace: string) => (SHARED.includes(namespace) ? [OTHER_NAME] : []);
      expect(await allEntries()).toEqual(entriesWith([SECRET_NAME], others));
      await expectNothingToDo(neighbour);
      expectWell(await neighbour.destroy());
      removeStack(neighbour);
      expect([(await secretsNamed(OTHER_NAME)).size, await bluemix.living(NEIGHBOUR)]).toEqual([0, []]);
      expect(await secretsNamed()).toEqual(before);
      await bluemix.onlyLiving(OWNER);
      await expectServed();
    });
  });
}
