/** `registry_pull_secret` in plain HCL, with a real engine against a real API server. */

import { testAllOrNothing } from "./pull-secret/all-or-nothing";
import { testBasics } from "./pull-secret/basics";
import { testConfigurations } from "./pull-secret/configurations";
import { testCopies } from "./pull-secret/copies";
import { testDrift } from "./pull-secret/drift";
import { testPasswords } from "./pull-secret/passwords";
import { testPermissions } from "./pull-secret/permissions";
import { useSetting } from "./pull-secret/setting";

jest.setTimeout(180_000);

useSetting();
testBasics();
testDrift();
testPasswords();
testAllOrNothing();
testConfigurations();
testPermissions();
testCopies();
