/** `registry_token`, resource, data source and ephemeral resource, in plain HCL against the Bluemix emulator and a real API server. */
import { testBasics } from "./registry-token/basics";
import { testLifetime } from "./registry-token/lifetime";
import { testLookUp } from "./registry-token/look-up";
import { testMistakes } from "./registry-token/mistakes";
import { useSetting } from "./registry-token/setting";

jest.setTimeout(180_000);

useSetting();
testBasics();
testLifetime();
testLookUp();
testMistakes();
