import { afterAttempt, type Observation, startLimit } from "../../../lib/clients/http/adaptive-limit";

const fast: Observation = { how: "answered", milliseconds: 5, cuts: 0, inFlight: 64 };
const overloaded: Observation = { ...fast, how: "overloaded" };

describe("afterAttempt", () => {
  const table: { [name: string]: [start: number, observations: Observation[], requests: number] } = {
    "grows by one with each fast answer": [16, [fast, fast], 18],
    "grows no further than it may": [63, [fast, fast, fast], 64],
    "is left alone where it was not used": [16, [{ ...fast, inFlight: 3 }], 16],
    "is left alone by a slow answer": [16, [fast, { ...fast, milliseconds: 51 }], 17],
    "takes a far-away service's answers for fast": [
      16,
      [
        { ...fast, milliseconds: 80 },
        { ...fast, milliseconds: 300 },
      ],
      18,
    ],
    "is halved when the service is overloaded": [16, [overloaded], 8],
    "is halved once by those that were under way together": [16, [overloaded, overloaded, overloaded], 8],
    "is halved again by one that was begun afterwards": [16, [overloaded, { ...overloaded, cuts: 1 }], 4],
    "is never less than one": [1, [overloaded], 1],
    "grows by one in a round after it was halved": [8, [overloaded, fast, fast, fast, fast], 4.9],
  };
  test.each(Object.entries(table))("%s", (_, [start, observations, requests]) => {
    const limit = observations.reduce(afterAttempt, startLimit(start, 64));
    expect(limit.requests).toBeCloseTo(requests, 1);
  });
});
