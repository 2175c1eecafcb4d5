/** `registry_service_account_patch` in plain HCL, with a real engine against a real API server. */
import { testBasics } from "./service-account-patch/basics";
import { testDrift } from "./service-account-patch/drift";
import { testPartialUpdates } from "./service-account-patch/partial-updates";
import { useSetting } from "./service-account-patch/setting";
import { testSeveral } from "./service-account-patch/several";
import { testWaiting } from "./service-account-patch/waiting";

jest.setTimeout(180_000);

useSetting();
testBasics();
testDrift();
testWaiting();
testSeveral();
testPartialUpdates();
