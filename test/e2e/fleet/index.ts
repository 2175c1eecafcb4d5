/** What happens to a fleet: one file for each, on the cluster of setting.ts; run with states that lie beside their stacks, and in a cluster. */

import { testComeAndGo } from "./come-and-go";
import { testForbidden } from "./forbidden";
import { testNarrow } from "./narrow";
import { testNeighbours } from "./neighbours";
import { testOneBad } from "./one-bad";
import { testRestart } from "./restart";
import { testSecretless } from "./secretless";
import { testSelected } from "./selected";
import { useFleet } from "./setting";
import { testStorm } from "./storm";

/** All that does not depend on where the states lie. */
export function testFleet(): void {
  useFleet();
  testStorm();
  testSecretless();
  testNeighbours();
  testForbidden();
  testNarrow();
  testOneBad();
  testComeAndGo();
  testSelected();
  testRestart();
}
