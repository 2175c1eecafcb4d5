import { checkCertificateText } from "../../lib/domain/certificate-text";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const AT = ["ca_certificate"];

it("takes PEM text", () => {
  expect(checkCertificateText(PEM, AT)).toBeUndefined();
});

const cases: { readonly [name: string]: readonly [value: string, reason: string] } = {
  "fails when it is empty": ["", "It is empty."],
  "fails when it is a file's name": ["ca.pem", '"ca.pem" is no certificate. Where it is a file\'s name, write file("ca.pem").'],
  "fails when it is base64 of PEM": [
    Buffer.from(PEM).toString("base64"),
    "It is the base64 of a certificate, as a kubeconfig holds it: write base64decode(…).",
  ],
  "fails when it is something long": [
    "x".repeat(101),
    `What begins with "${"x".repeat(40)}" is no certificate. Where it is a file's name, write file(…).`,
  ],
};

it.each(Object.entries(cases))("%s", (_, [value, reason]) => {
  expect(checkCertificateText(value, AT)).toEqual({
    path: AT,
    summary: "Invalid certificate",
    detail: `${reason} A certificate is PEM text ("-----BEGIN CERTIFICATE-----").`,
  });
});
