import { Secret } from "../../../lib/domain/secret";
import { readTokenClaims } from "../../../lib/issuers/bluemix/token-claims";

const jwt = (claims: unknown, encoding: "base64" | "base64url" = "base64url") =>
  ["e30", Buffer.from(JSON.stringify(claims)).toString(encoding), "sig"].join(".");
const nothing = { id: undefined, expiresAt: null, issuedAt: null };

const table: { [name: string]: [string, ReturnType<typeof readTokenClaims>] } = {
  expiring: [
    jwt({ jti: "a", exp: 1540423054, iss: "registry" }),
    { id: "a", expiresAt: new Date("2018-10-24T23:17:34Z"), issuedAt: null },
  ],
  permanent: [jwt({ jti: "a", iss: "registry" }), { id: "a", expiresAt: null, issuedAt: null }],
  "with iat": [jwt({ jti: "a", iat: 1540423054 }), { id: "a", expiresAt: null, issuedAt: new Date("2018-10-24T23:17:34Z") }],
  "padded standard base64": [jwt({ jti: "ÿ?>", x: "~~~???" }, "base64"), { id: "ÿ?>", expiresAt: null, issuedAt: null }],
  base64url: [jwt({ jti: "ÿ?>", x: "~~~???" }), { id: "ÿ?>", expiresAt: null, issuedAt: null }],
  "a time that no date can hold (found by fuzzing, issue 4)": [
    jwt({ jti: "a", exp: 1e300, iat: 253402300800 }),
    { id: "a", expiresAt: null, issuedAt: null },
  ],
  "no jti": [jwt({ iss: "registry" }), nothing],
  "jti is no string": [jwt({ jti: 7 }), nothing],
  "the payload is no object": [jwt("text"), nothing],
  "no JSON": ["a.b.c", nothing],
  "no JWT": ["opaque", nothing],
  empty: ["", nothing],
};
test.each(Object.entries(table))("%s", (_, [token, expected]) => {
  expect(readTokenClaims(Secret.of(token))).toEqual(expected);
});
