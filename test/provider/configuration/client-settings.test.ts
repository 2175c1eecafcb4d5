import { requestTimeouts } from "../../../lib/provider/configuration/client-settings";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { UNKNOWN } from "../../../lib/provider/framework/value";

describe("requestTimeouts", () => {
  const cases: Record<string, { config: ObjectValue; variable?: string; timeouts: object }> = {
    "nothing at all": { config: { request_timeout: null }, timeouts: {} },
    "the attribute": {
      config: { request_timeout: "2s" },
      timeouts: { timeouts: { headers: 2_000, body: 2_000, total: 60_000 } },
    },
    "a long one, which is waited for twice": {
      config: { request_timeout: "2m" },
      timeouts: { timeouts: { headers: 120_000, body: 120_000, total: 240_000 } },
    },
    "the environment": {
      config: { request_timeout: null },
      variable: "5s",
      timeouts: { timeouts: { headers: 5_000, body: 5_000, total: 60_000 } },
    },
    "the attribute over the environment": {
      config: { request_timeout: "2s" },
      variable: "5s",
      timeouts: { timeouts: { headers: 2_000, body: 2_000, total: 60_000 } },
    },
    "one that is not known yet": { config: { request_timeout: UNKNOWN }, timeouts: {} },
  };
  test.each(Object.entries(cases))("%s", (_, { config, variable, timeouts }) => {
    expect(requestTimeouts(config, { REGISTRY_ACCESS_REQUEST_TIMEOUT: variable })).toEqual(timeouts);
  });

  test("fails when the environment holds no duration", () => {
    expect(() => requestTimeouts({ request_timeout: null }, { REGISTRY_ACCESS_REQUEST_TIMEOUT: "soon" })).toThrow(
      expect.objectContaining({
        diagnostics: [expect.objectContaining({ path: ["request_timeout"], summary: "Invalid duration" })],
      }),
    );
  });
});
