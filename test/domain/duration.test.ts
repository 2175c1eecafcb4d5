import { checkDuration, parseDuration } from "../../lib/domain/duration";

describe("parseDuration", () => {
  const cases: Record<string, number | undefined> = {
    "90s": 90_000,
    "5m": 300_000,
    "1h30m": 5_400_000,
    "1h2m3s": 3_723_000,
    "1.5h": 5_400_000,
    "1.1h": 3_960_000,
    // Found by fuzzing (issue 4): no timer takes a part of a millisecond.
    "0.0001s": 1,
    "1.0001s": 1_001,
    [`${"9".repeat(30)}h`]: undefined,
    "0s": 0,
    "": undefined,
    "5": undefined,
    "-5m": undefined,
    "5m1h": undefined,
    "5 m": undefined,
    "5d": undefined,
  };
  it.each(Object.entries(cases))("of %j is %s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });
});

describe("checkDuration", () => {
  it("takes what is above zero", () => {
    expect(checkDuration("1s", ["timeouts", "create"])).toBeUndefined();
  });
  it.each(["0s", "soon"])("fails when it is %j", (text) => {
    expect(checkDuration(text, ["timeouts", "create"])).toEqual({
      path: ["timeouts", "create"],
      summary: "Invalid duration",
      detail: `${JSON.stringify(text)} is not a duration above zero. Write hours, minutes and seconds in that order, such as "90s", "5m" or "1h30m".`,
    });
  });
});
