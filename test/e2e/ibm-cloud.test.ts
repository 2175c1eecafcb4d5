/** IBM Cloud IAM and Container Registry, end to end: one sandbox for all aspects. */
import { testBasics } from "./ibm-cloud/basics";
import { testDrift } from "./ibm-cloud/drift";
import { testGiven } from "./ibm-cloud/given";
import { testMigration } from "./ibm-cloud/migration";
import { testMistakes } from "./ibm-cloud/mistakes";
import { testSecretless } from "./ibm-cloud/secretless";
import { useSetting } from "./ibm-cloud/setting";

jest.setTimeout(600_000);

useSetting();
testBasics();
testDrift();
testMistakes();
testGiven();
testMigration();
testSecretless();
