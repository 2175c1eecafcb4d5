import { checkSha256, normalizeSha256 } from "../../../lib/domain/certificates/sha256";

const HEX = "5f1a0b9c44e2073d81be6a95c02fd81377ac39e650f48b219d630ebac518724f";
const COLONS = (HEX.toUpperCase().match(/../g) ?? []).join(":");

describe("SHA-256 of a certificate", () => {
  test.each<[string, string]>([
    ["plain", HEX],
    ["with colons", COLONS],
    ["as openssl prints it", `sha256 Fingerprint=${COLONS}\n`],
    ["as older openssl prints it", `SHA256 Fingerprint=${COLONS}`],
    ["as a digest", `sha256:${HEX}`],
  ])("%s", (_, text) => {
    expect([normalizeSha256(text), checkSha256(text, [])]).toEqual([HEX, undefined]);
  });

  test.each<[string, string, string]>([
    ["it is a SHA-1", COLONS.slice(0, 59), "is no SHA-256 of a certificate"],
    ["it is empty", "", '"" is no SHA-256'],
    ["it is the certificate", "-----BEGIN CERTIFICATE-----\n", "A whole certificate was given: that is ca_certificate."],
  ])("fails when %s", (_, text, words) => {
    expect(checkSha256(text, ["pinned_sha256"])).toMatchObject({
      path: ["pinned_sha256"],
      summary: "Invalid SHA-256",
      detail: expect.stringContaining(words),
    });
  });
});
