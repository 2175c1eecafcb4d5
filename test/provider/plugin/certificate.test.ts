import { X509Certificate } from "node:crypto";
import { createCertificate } from "../../../lib/provider/plugin/certificate";
import { integer, oid, sequence, time } from "../../../lib/provider/plugin/der";
import { formatHandshake, readHandshake } from "../../../lib/provider/plugin/handshake";

describe("createCertificate", () => {
  it("is self-signed for localhost, and its own CA", () => {
    const { certificatePem, certificateDer } = createCertificate();
    const certificate = new X509Certificate(certificatePem);
    expect(certificate.raw.equals(certificateDer)).toBe(true);
    expect({
      verifies: certificate.verify(certificate.publicKey),
      issued: certificate.checkIssued(certificate),
      ca: certificate.ca,
      host: certificate.checkHost("localhost"),
      names: certificate.subjectAltName,
      curve: certificate.publicKey.asymmetricKeyDetails?.namedCurve,
      from: Date.parse(certificate.validFrom) < Date.now(),
      to: Date.parse(certificate.validTo) > Date.now() + 86_400_000,
    }).toEqual({
      verifies: true,
      issued: true,
      ca: true,
      host: "localhost",
      names: "DNS:localhost",
      curve: "prime256v1",
      from: true,
      to: true,
    });
  });
});

describe("DER", () => {
  const cases: Record<string, { bytes: Buffer; hex: string }> = {
    "an identifier with large arcs": { bytes: oid("1.2.840.10045.4.3.2"), hex: "06082a8648ce3d040302" },
    "an integer whose first bit is set": { bytes: integer(Buffer.from([0x80])), hex: "02020080" },
    "a length over 127": { bytes: sequence(Buffer.alloc(200)).subarray(0, 3), hex: "3081c8" },
    "a length over 255": { bytes: sequence(Buffer.alloc(300)).subarray(0, 4), hex: "3082012c" },
    "a time before 2050": {
      bytes: time(new Date("2026-01-02T03:04:05Z")),
      hex: `170d${Buffer.from("260102030405Z").toString("hex")}`,
    },
    "a time from 2050": {
      bytes: time(new Date("2050-01-02T03:04:05Z")),
      hex: `180f${Buffer.from("20500102030405Z").toString("hex")}`,
    },
  };
  it.each(Object.entries(cases))("writes %s", (_, { bytes, hex }) => {
    expect(bytes.toString("hex")).toBe(hex);
  });
});

describe("handshake", () => {
  const cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
  it("is asked for by Terraform's cookie alone", () => {
    expect(readHandshake({})).toBeUndefined();
    expect(readHandshake({ TF_PLUGIN_MAGIC_COOKIE: "x" })).toBeUndefined();
    expect(readHandshake({ TF_PLUGIN_MAGIC_COOKIE: cookie })).toEqual({ clientCertificate: undefined });
    expect(readHandshake({ TF_PLUGIN_MAGIC_COOKIE: cookie, PLUGIN_CLIENT_CERT: "PEM" })).toEqual({ clientCertificate: "PEM" });
  });
  it("writes the certificate in base64 without padding", () => {
    expect(formatHandshake("/s", Buffer.from([1]))).toBe("1|6|unix|/s|grpc|AQ\n");
    expect(formatHandshake("/s", undefined)).toBe("1|6|unix|/s|grpc|\n");
  });
});
