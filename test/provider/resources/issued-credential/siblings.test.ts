import { formatTokenDescription, type TokenMark } from "../../../../lib/domain/token-mark";
import type { Issuer, RegistryToken } from "../../../../lib/issuers";
import type { CredentialType } from "../../../../lib/provider/resources/issued-credential";
import { lowerSiblings, olderOnes } from "../../../../lib/provider/resources/issued-credential/siblings";

const NOW = new Date("2026-01-01T00:00:00Z");
const own: TokenMark = { owner: "project/stack", name: "pull", number: 5, keep: false, nonce: "00ff" };
const issuer = { name: "dedicated" } as Issuer;
const type = { kind: "bluemix" } as CredentialType<unknown, RegistryToken>;

function token(id: string, mark: Partial<TokenMark> | string, facts: Partial<RegistryToken> = {}): RegistryToken {
  const description = typeof mark === "string" ? mark : formatTokenDescription(null, { ...own, ...mark });
  return { id, description, readOnly: true, revoked: false, issuedAt: null, expiresAt: null, ...facts };
}

const LISTED: readonly RegistryToken[] = [
  token("lower", { number: 4 }),
  token("much-lower", { number: 1 }),
  token("lower-revoked", { number: 3 }, { revoked: true }),
  token("lower-expired", { number: 2 }, { expiresAt: NOW }),
  token("own", {}),
  token("same-number", { nonce: "aa" }),
  token("higher", { number: 6 }),
  token("kept", { number: 4, keep: true }),
  token("of-another-owner", { owner: "project/other", number: 4 }),
  token("of-another-name", { name: "push", number: 4 }),
  token("by-hand", "mine"),
];

describe("lowerSiblings", () => {
  const at = (number: number) => lowerSiblings(token("own", { number }), LISTED).map(({ id }) => id);
  it("are this owner's of this name with a lower number, but for those to keep", () => {
    expect(at(5)).toEqual(["lower", "much-lower", "lower-revoked", "lower-expired"]);
    expect(at(2)).toEqual(["much-lower"]);
    expect(at(1)).toEqual([]);
  });
  it("are none of a token without our mark", () => {
    expect(lowerSiblings(token("own", "mine"), LISTED)).toEqual([]);
  });
});

describe("olderOnes", () => {
  it("names those that live", () => {
    const { severity, summary, detail } = olderOnes(type, token("own", {}), LISTED, issuer, NOW) ?? {};
    expect({ severity, summary }).toEqual({ severity: "warning", summary: "Older registry tokens live" });
    expect(detail).toContain(
      'At issuer "dedicated", older registry tokens of owner "project/stack" and name "pull" (lower (number 4), much-lower (number 1)) are good as well.',
    );
  });
  it("says nothing where none lives", () => {
    expect(olderOnes(type, token("own", { number: 4 }), LISTED.slice(2), issuer, NOW)).toBeUndefined();
  });
});
