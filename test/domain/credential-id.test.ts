import {
  type CredentialId,
  checkCredentialId,
  checkIssuerName,
  formatCredentialId,
  parseCredentialId,
} from "../../lib/domain/credential-id";

describe("parseCredentialId", () => {
  const cases: Record<string, CredentialId | undefined> = {
    "dedicated/5f3c": { issuer: "dedicated", id: "5f3c" },
    "a/b/c": { issuer: "a", id: "b/c" },
    "5f3c": undefined,
    "/5f3c": undefined,
    "dedicated/": undefined,
    "": undefined,
  };
  it.each(Object.entries(cases))("of %j", (text, parsed) => {
    expect(parseCredentialId(text)).toEqual(parsed);
    if (parsed !== undefined) expect(formatCredentialId(parsed)).toBe(text);
  });
});

describe("checkCredentialId", () => {
  it("fails when it has no issuer, and says where it comes from", () => {
    expect(checkCredentialId("5f3c", ["credential_id"])).toEqual({
      path: ["credential_id"],
      summary: "Invalid credential id",
      detail: '"5f3c" is not a credential id. It is "<issuer>/<id>", such as registry_token.example.credential_id gives it.',
    });
  });
});

describe("checkIssuerName", () => {
  const cases: Record<string, boolean> = {
    dedicated: true,
    "us-south_1.a": true,
    "": false,
    "a/b": false,
    "-a": false,
    "a b": false,
  };
  it.each(Object.entries(cases))("of %j is %s", (name, isValid) => {
    expect(checkIssuerName(name, ["issuer"]) === undefined).toBe(isValid);
  });
});
