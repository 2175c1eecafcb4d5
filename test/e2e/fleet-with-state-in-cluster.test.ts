/** The fleet once more, with its states where a team keeps them: Terraform's `kubernetes` backend, in a cluster of their own. */

import { testFleet } from "./fleet";

jest.setTimeout(180_000);
process.env.STATE_BACKEND = "kubernetes";

testFleet();
