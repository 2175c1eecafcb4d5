import { createRedactor } from "../../../lib/domain/redaction";
import { createLogger, readLogLevel } from "../../../lib/provider/plugin/log";

describe("createLogger", () => {
  it("writes hclog's JSON, redacted", () => {
    const lines: string[] = [];
    const redactor = createRedactor();
    redactor.remember("hunter22");
    const log = createLogger({
      module: "provider.toy",
      redactor,
      write: (line) => lines.push(line),
      level: "debug",
      now: () => new Date("2026-01-02T03:04:05.678Z"),
    });
    log.trace("not this");
    log.info("login with hunter22", { status: 200, authorization: "Basic eDp5" });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        "@level": "info",
        "@message": "login with [redacted]",
        "@module": "provider.toy",
        "@timestamp": "2026-01-02T03:04:05.678000Z",
        status: 200,
        authorization: "[redacted]",
      },
    ]);
    expect(lines[0]?.endsWith("}\n")).toBe(true);
  });

  const levels: Record<string, { environment: { [name: string]: string }; level: string }> = {
    "warn without TF_LOG": { environment: {}, level: "warn" },
    "TF_LOG's": { environment: { TF_LOG: "INFO" }, level: "info" },
    "TF_LOG_PROVIDER's before TF_LOG's": { environment: { TF_LOG: "INFO", TF_LOG_PROVIDER: "debug" }, level: "debug" },
    "trace for JSON": { environment: { TF_LOG: "JSON" }, level: "trace" },
  };
  it.each(Object.entries(levels))("has the level %s", (_, { environment, level }) => {
    expect(readLogLevel(environment)).toBe(level);
  });
});
