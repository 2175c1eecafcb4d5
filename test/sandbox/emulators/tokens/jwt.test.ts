import { generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { parseCertificateChain, signHs256, signWithCertificate, verifyHs256 } from "../../../../sandbox/emulators/tokens/jwt";

const asymmetric: Record<string, () => { publicKey: KeyObject; privateKey: KeyObject }> = {
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
};
for (const [alg, generate] of Object.entries(asymmetric)) {
  test(`signs ${alg} with the certificate chain in x5c`, () => {
    const { publicKey, privateKey } = generate();
    const [header = "", payload = "", signature = ""] = signWithCertificate({ a: 1 }, privateKey, ["leaf", "root"]).split(".");
    const key = { key: publicKey, dsaEncoding: "ieee-p1363" as const };
    expect({
      header: JSON.parse(Buffer.from(header, "base64url").toString()),
      payload: JSON.parse(Buffer.from(payload, "base64url").toString()),
      verified: verify("sha256", Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url")),
    }).toEqual({ header: { alg, typ: "JWT", x5c: ["leaf", "root"] }, payload: { a: 1 }, verified: true });
  });
}

test("fails when the key is of another type", () => {
  expect(() => signWithCertificate({}, generateKeyPairSync("ed25519").privateKey, [])).toThrow(
    "The token server can't sign with a key of type ed25519: give an RSA or a P-256 key.",
  );
});

describe("HS256", () => {
  const key = Buffer.from("a key");
  const token = signHs256({ a: 1 }, key);
  const [header, , signature] = token.split(".");
  const forged = `${header}.${Buffer.from('{"a":2}').toString("base64url")}.${signature}`;
  const read: Record<string, { token: string; key: Buffer; claims: unknown }> = {
    "its own": { token, key, claims: { a: 1 } },
    "another key's: nothing": { token, key: Buffer.from("another"), claims: undefined },
    "with other claims: nothing": { token: forged, key, claims: undefined },
    "no JWT at all: nothing": { token: "ready-uaa", key, claims: undefined },
    "an empty one: nothing": { token: "..", key, claims: undefined },
  };
  for (const [name, { token: given, key: by, claims }] of Object.entries(read)) {
    test(name, () => expect(verifyHs256(given, by)).toEqual(claims));
  }
});

test("a PEM file's certificates, in their order", () => {
  const pem = (body: string) => `# comment\n-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  expect(parseCertificateChain(`${pem("bGVh\nZg==")}${pem("cm9vdA==")}`)).toEqual(["bGVhZg==", "cm9vdA=="]);
});

test("fails when a PEM file has no certificate", () => {
  expect(() => parseCertificateChain("-----BEGIN PRIVATE KEY-----")).toThrow(
    "No certificate in the token server's certificateFile",
  );
});
