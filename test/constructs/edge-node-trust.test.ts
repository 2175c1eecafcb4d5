import { X509Certificate } from "node:crypto";
import { TerraformVariable } from "cdktf";
import { DataRegistryCertificate, EdgeNodeTrust, type EdgeNodeTrustProps, RegistryProvider } from "../../lib";
import { createAuthority } from "../../sandbox/certificates";
import { newStack, synthesize } from "./stack";

const HOST = "registry.example.com:5000";
let ca: string;
let key: string;
beforeAll(async () => {
  ({ certificate: ca, key } = await createAuthority("edge"));
});

const expression = (text: string) => ["$", "{", text, "}"].join("");

describe("EdgeNodeTrust", () => {
  test("has the file's places and the script, of a CA that is known", () => {
    const trust = new EdgeNodeTrust(newStack(), "edge", { host: HOST, caCertificate: `# a comment\r\n${ca}\n` });
    expect([trust.linuxFile, trust.macFile]).toEqual([
      "/etc/docker/certs.d/registry.example.com:5000/ca.crt",
      "~/.docker/certs.d/registry.example.com:5000/ca.crt",
    ]);
    expect(new X509Certificate(trust.caCertificate).raw).toEqual(new X509Certificate(ca).raw);
    expect(trust.script).toContain(`\nhost='${HOST}'\n`);
    expect(trust.script).toContain(`\n${trust.caCertificate}end_of_certificates\n`);
    // Terraform reads both as its own.
    expect(trust.script).not.toMatch(/[$%]\{/);
  });

  test("takes a certificate from a data source, and gives the script as an output", () => {
    const stack = newStack();
    new RegistryProvider(stack, "registry", { owner: "test" });
    const certificate = new DataRegistryCertificate(stack, "certificate", { host: HOST });
    new EdgeNodeTrust(stack, "edge", { host: certificate.host, caCertificate: certificate.caPem, output: "edge_trust" });
    const { output, data } = synthesize(stack);
    expect(data).toEqual({ registry_certificate: { certificate: { host: HOST } } });
    expect(output?.edge_trust?.value).toContain(
      expression(
        `try(join("\\n", concat(regexall("-----BEGIN CERTIFICATE-----[[:space:]A-Za-z0-9+/=]*-----END CERTIFICATE-----", data.registry_certificate.certificate.ca_pem), [""])), "")`,
      ),
    );
    expect(output?.edge_trust?.value).toContain(
      `host='${expression('replace(data.registry_certificate.certificate.host, "/[^]a-z0-9.:[-]/", "")')}'`,
    );
  });

  test("makes no output unless one is named", () => {
    const stack = newStack();
    new EdgeNodeTrust(stack, "edge", { host: HOST, caCertificate: ca });
    expect(synthesize(stack).output).toBeUndefined();
  });

  const refused: { [name: string]: [props: () => Partial<EdgeNodeTrustProps>, words: string] } = {
    "the host has a scheme": [() => ({ host: "https://registry.example.com" }), 'starts with a scheme: leave "https://" out'],
    "the host could leave its folder": [() => ({ host: "../../etc" }), "has a path"],
    "the CA is a file's name": [() => ({ caCertificate: "ca.crt" }), 'write file("ca.crt")'],
    "the CA is damaged": [() => ({ caCertificate: ca.slice(0, 200) }), "certificate 1 of 1 in it is damaged"],
    "a private key came along": [
      () => ({ caCertificate: `${ca}\n${key}` }),
      "It holds a private key, which would reach every machine.",
    ],
    "the CA is none at all": [() => ({ caCertificate: undefined as never }), "caCertificate is required"],
    "the output has no name": [() => ({ output: "a b" }), "the name of an output"],
    "a prop is unknown": [() => ({ port: 5000 }) as object, '"port" is not a prop'],
  };
  test.each(Object.entries(refused))("fails when %s", (_, [props, words]) => {
    const make = () => new EdgeNodeTrust(newStack(), "edge", { host: HOST, caCertificate: ca, ...props() });
    expect(make).toThrow(words);
    expect(make).not.toThrow(key.slice(60, 100));
  });

  test("passes what is not known yet", () => {
    const stack = newStack();
    const { stringValue } = new TerraformVariable(stack, "ca", { type: "string" });
    expect(new EdgeNodeTrust(stack, "edge", { host: HOST, caCertificate: stringValue }).script).toContain("end_of_certificates");
  });
});
