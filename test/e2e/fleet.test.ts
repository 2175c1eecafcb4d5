/** 200 namespaces, served by one stack, and what happens to a fleet: an API server that is overloaded or away, neighbours, missing rights, namespaces that come and go. */

import { testFleet } from "./fleet";
import { testTeamState } from "./fleet/team-state";

jest.setTimeout(180_000);

testFleet();
testTeamState();
