/** Open Horizon's resources in plain HCL, with a real engine, against an exchange and a node that really fetches. */

import { testMistakes } from "./open-horizon/mistakes";
import { testPattern } from "./open-horizon/pattern";
import { testRegistryAuth } from "./open-horizon/registry-auth";
import { testRotation } from "./open-horizon/rotation";
import { testSecretless } from "./open-horizon/secretless";
import { testService } from "./open-horizon/service";
import { useSetting } from "./open-horizon/setting";

jest.setTimeout(180_000);

useSetting();
testRegistryAuth();
testService();
testPattern();
testRotation();
testSecretless();
testMistakes();
