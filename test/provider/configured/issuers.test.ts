import { createIssuers } from "../../../lib/provider/configured/issuers";
import { realRuntime } from "../../../lib/provider/configured/runtime";

const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  trace: () => undefined,
};

test("fails when there is no such issuer, at the attribute of each who asks", async () => {
  const issuers = createIssuers({}, { ...realRuntime, environment: {} }, { log, env: {} });
  for (const path of [["issuer"], ["registries", 0, "credential_id"]]) {
    await expect(issuers.get("none", path)).rejects.toMatchObject({ diagnostics: [{ summary: "No such issuer", path }] });
  }
});
