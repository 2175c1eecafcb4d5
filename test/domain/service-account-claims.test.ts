import { Secret } from "../../lib/domain/secret";
import { readServiceAccountClaims } from "../../lib/domain/service-account-claims";

const jwt = (claims: object) => Secret.of(`e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`);

test("reads a token that is bound to a Secret", () => {
  const claims = {
    "kubernetes.io": {
      namespace: "shop",
      secret: { name: "pull-1", uid: "s" },
      serviceaccount: { name: "pull", uid: "a" },
    },
    exp: 1_700_000_600,
    iat: 1_700_000_000,
  };
  expect(readServiceAccountClaims(jwt(claims))).toEqual({
    namespace: "shop",
    serviceAccount: { name: "pull", uid: "a" },
    secret: { name: "pull-1", uid: "s" },
    expiresAt: new Date("2023-11-14T22:23:20Z"),
    issuedAt: new Date("2023-11-14T22:13:20Z"),
  });
});

test("reads the token of a token Secret", () => {
  const claims = {
    "kubernetes.io/serviceaccount/namespace": "shop",
    "kubernetes.io/serviceaccount/secret.name": "pull-1",
    "kubernetes.io/serviceaccount/service-account.name": "pull",
    "kubernetes.io/serviceaccount/service-account.uid": "a",
  };
  expect(readServiceAccountClaims(jwt(claims))).toEqual({
    namespace: "shop",
    serviceAccount: { name: "pull", uid: "a" },
    secret: { name: "pull-1", uid: undefined },
    expiresAt: null,
    issuedAt: null,
  });
});

test.each([
  ["no JWT", Secret.of("hunter2")],
  ["a JWT of somebody else", jwt({ sub: "me" })],
  ["a claim of another form", jwt({ "kubernetes.io": "x" })],
])("is undefined for %s", (_, token) => {
  expect(readServiceAccountClaims(token)).toBeUndefined();
});
