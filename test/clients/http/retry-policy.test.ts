import {
  DEFAULT_RETRY_LIMITS,
  type DelayContext,
  type Failure,
  isAmbiguous,
  nextDelay,
  parseRetryAfter,
} from "../../../lib/clients/http/retry-policy";

const now = Date.parse("2030-01-01T00:00:00Z");
const status = (code: number, retryAfter?: string): Failure => ({ kind: "status", status: code, retryAfter });
const broken = (sent: boolean): Failure => ({ kind: "connection", sent });

describe("nextDelay", () => {
  const table: {
    [name: string]: [Failure, Partial<DelayContext>, number | undefined];
  } = {
    "the first delay is at most the base": [status(500), { random: 0.999 }, 250],
    "full jitter may be nothing": [status(500), { random: 0 }, 0],
    "doubles with each attempt": [status(503), { attempt: 3, random: 0.5 }, 500],
    "is capped": [broken(true), { attempt: 4, random: 0.5 }, 1000],
    "Retry-After in seconds, with jitter on top": [status(429, "2"), { random: 0.5 }, 2125],
    "Retry-After as a date of RFC 850": [status(503, "Tuesday, 01-Jan-30 00:00:03 GMT"), { random: 0 }, 3000],
    "Retry-After as a date of asctime, which is in UTC": [status(503, "Tue Jan  1 00:00:03 2030"), { random: 0 }, 3000],
    "Retry-After that is none, though it holds a number (found by fuzzing, issue 4)": [
      status(503, "later 2031"),
      { random: 0.5 },
      125,
    ],
    "Retry-After as a date": [status(503, "Tue, 01 Jan 2030 00:00:03 GMT"), { random: 0 }, 3000],
    "ends after the last attempt": [status(500), { attempt: 5 }, undefined],
    "429 with Retry-After goes on, as long as there is time (issue 7)": [status(429, "1"), { attempt: 30, random: 0 }, 1000],
    "429 without ends like others": [status(429), { attempt: 5 }, undefined],
    "503 with Retry-After ends like others": [status(503, "1"), { attempt: 5 }, undefined],
    "attempts that do not count end nothing": [status(503), { attempt: 30, counted: 4, random: 0 }, 0],
    "a service that is away is waited for": [broken(false), { attempt: 5, awayUntil: now + 9000, random: 0.5 }, 2000],
    "a service that is away has as many attempts as others": [broken(false), { attempt: 4, awayUntil: now, random: 0.5 }, 1000],
    "a service that was away too long is given up": [
      broken(false),
      { attempt: 5, awayUntil: now + 1000, random: 0.5 },
      undefined,
    ],
    "a POST that may have been sent is not, to a service that is away either": [
      broken(true),
      { idempotent: false, awayUntil: now + 9000 },
      undefined,
    ],
    "ends where the deadline would pass": [status(429, "3600"), {}, undefined],
    "408 is repeated": [status(408), { random: 0 }, 0],
    "502 is repeated": [status(502), { random: 0 }, 0],
    "504 is repeated": [status(504), { random: 0 }, 0],
    "400 is not": [status(400), {}, undefined],
    "401 is not": [status(401), {}, undefined],
    "403 is not": [status(403), {}, undefined],
    "404 is not": [status(404), {}, undefined],
    "409 is not": [status(409), {}, undefined],
    "501 is not": [status(501), {}, undefined],
    "a redirect is not": [status(302), {}, undefined],
    "a POST that was not sent is": [broken(false), { idempotent: false, random: 0 }, 0],
    "a POST that may have been sent is not": [broken(true), { idempotent: false }, undefined],
    "a POST after 429 with Retry-After is": [status(429, "1"), { idempotent: false, random: 0 }, 1000],
    "a POST after 429 without is not": [status(429), { idempotent: false }, undefined],
    "a POST after 503 is not, with Retry-After either": [status(503, "1"), { idempotent: false }, undefined],
    "a POST after 500 with Retry-After is not": [status(500, "1"), { idempotent: false }, undefined],
  };
  test.each(Object.entries(table))("%s", (_, [failure, context, expected]) => {
    const full = {
      attempt: 1,
      idempotent: true,
      random: 0.5,
      deadline: now + 60_000,
      now,
      limits: DEFAULT_RETRY_LIMITS,
      ...context,
    };
    expect(nextDelay(failure, full)).toBe(expected);
  });
});

describe("isAmbiguous", () => {
  const table: { [name: string]: [Failure, boolean] } = {
    "nothing sent": [broken(false), false],
    "broken half-way": [broken(true), true],
    "500": [status(500), true],
    "504": [status(504), true],
    "408": [status(408), true],
    "503, with Retry-After too": [status(503, "1"), true],
    "429": [status(429), false],
    "401": [status(401), false],
    "422": [status(422), false],
  };
  test.each(Object.entries(table))("%s", (_, [failure, expected]) => {
    expect(isAmbiguous(failure)).toBe(expected);
  });
});

describe("parseRetryAfter", () => {
  const table: { [name: string]: [string | undefined, number | undefined] } = {
    missing: [undefined, undefined],
    empty: ["", undefined],
    seconds: ["120", 120_000],
    "seconds with blanks": [" 5 ", 5_000],
    "a date": ["Tue, 01 Jan 2030 00:01:00 GMT", 60_000],
    "a date that has passed": ["Mon, 31 Dec 2029 23:00:00 GMT", 0],
    "a fraction is none": ["1.5", undefined],
    "a negative number is none": ["-1", undefined],
    "words are none": ["soon", undefined],
  };
  test.each(Object.entries(table))("%s", (_, [value, expected]) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
