/** 200 namespaces, served by one stack, and what happens to a fleet: an API server that is overloaded or away, neighbours, missing rights, namespaces that come and go. */

import { testComeAndGo } from "./fleet/come-and-go";
import { testForbidden } from "./fleet/forbidden";
import { testNarrow } from "./fleet/narrow";
import { testNeighbours } from "./fleet/neighbours";
import { testOneBad } from "./fleet/one-bad";
import { testRestart } from "./fleet/restart";
import { testSecretless } from "./fleet/secretless";
import { testSelected } from "./fleet/selected";
import { useFleet } from "./fleet/setting";
import { testStorm } from "./fleet/storm";
import { testTeamState } from "./fleet/team-state";

jest.setTimeout(180_000);

useFleet();
testStorm();
testSecretless();
testNeighbours();
testForbidden();
testNarrow();
testOneBad();
testComeAndGo();
testSelected();
testTeamState();
testRestart();
