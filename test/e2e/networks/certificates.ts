/** CAs that Mozilla has never heard of. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SEEDED_TOKEN } from "../../../sandbox";
import { createAuthority, issueCertificate, type KeyPair } from "../../../sandbox/certificates";
import { startTestServer } from "../../clients/test-server";
import { startForwarder } from "../../support/forwarder";
import { itWithStore, storeOf } from "../support/system-store";
import { hostOf, type Network, type Setting } from "./network";

/** Declares the tests. */
export function testCertificates(network: () => Network): void {
  describe("networks: certificates of an issuer", () => {
    const file = (name: string, text: string) => {
      const path = join(network().folder, name);
      writeFileSync(path, text);
      return path;
    };
    let other: KeyPair;
    beforeAll(async () => {
      other = await createAuthority("other");
    });

    const trusted: { readonly [name: string]: () => Setting } = {
      "by ca_certificate": () => ({ issuer: { ca_certificate: network().ca } }),
      "by SSL_CERT_FILE": () => ({ env: { SSL_CERT_FILE: network().cluster.state.caFile } }),
      "by SSL_CERT_DIR": () => {
        mkdirSync(join(network().folder, "certs"));
        file("certs/company.crt", network().ca);
        return { env: { SSL_CERT_DIR: `/nowhere:${join(network().folder, "certs")}` } };
      },
      "by NODE_EXTRA_CA_CERTS": () => ({ env: { NODE_EXTRA_CA_CERTS: network().cluster.state.caFile } }),
    };
    it.each(Object.entries(trusted))("are trusted %s", async (_, setting) => {
      expect(await network().tokens(setting())).toBe(SEEDED_TOKEN);
    });

    itWithStore("are trusted by the system's store, as update-ca-certificates writes it", async () => {
      expect(await network().tokens({ wrap: storeOf(network().folder, network().ca) })).toBe(SEEDED_TOKEN);
      const wrap = storeOf(network().folder, other.certificate);
      expect(await network().tokens({ wrap })).toMatchObject([{ summary: "Certificate not trusted" }]);
    });

    it("are trusted of each issuer by its own ca_certificate, and of no other, in one configuration (issue 4)", async () => {
      const made = await issueCertificate(other, { commonName: "second", hosts: ["127.0.0.1"] });
      const issuer = hostOf(network().cluster.state.bluemix.regions.dedicated.tlsUrl);
      const forwarder = await startForwarder("127.0.0.1", issuer, { ...made, ca: network().ca });
      network().closeLater(forwarder);
      const url = `https://127.0.0.1:${forwarder.port}`;
      const second = { api_endpoint: url, registry_endpoint: url, hosts: ["second.example.com"] };
      const names = ["dedicated", "second"];
      const read = async (first: string, next: string) => {
        const issuers = { second: { ...second, ca_certificate: next } };
        const provider = await network().start({ issuer: { ca_certificate: first }, issuers });
        return Promise.all(names.map((name) => provider.readTokens(SEEDED_TOKEN, name)));
      };
      const right = await read(network().ca, other.certificate);
      expect(right.map(({ problems, value }) => value?.description ?? problems)).toEqual([SEEDED_TOKEN, SEEDED_TOKEN]);
      const swapped = await read(other.certificate, network().ca);
      const refused = { problems: [{ summary: "Certificate not trusted", path: "issuer" }] };
      expect(swapped).toMatchObject([refused, refused]);
    });

    const failing: { readonly [name: string]: [() => Setting, summary: string, detail: string] } = {
      "the CA is not known": [
        () => ({}),
        "Certificate not trusted",
        "Give its CA certificate as PEM in ca_certificate, or name a file with it in the environment variable SSL_CERT_FILE.",
      ],
      "ca_certificate is another": [
        () => ({ issuer: { ca_certificate: other.certificate } }),
        "Certificate not trusted",
        "is not signed by a CA that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Give its CA certificate as PEM in ca_certificate",
      ],
      "ca_certificate is damaged": [
        () => ({ issuer: { ca_certificate: network().ca.slice(0, 200) } }),
        "Invalid configuration",
        "can't be read (certificate 1 of 1 in it is damaged)",
      ],
      "SSL_CERT_FILE is missing": [
        () => ({ env: { SSL_CERT_FILE: "/nowhere/ca.pem" } }),
        "Invalid configuration",
        'SSL_CERT_FILE names "/nowhere/ca.pem", which can\'t be read (ENOENT). Name a file of PEM certificates, or unset it.',
      ],
      "SSL_CERT_FILE is none": [
        () => ({ env: { SSL_CERT_FILE: file("none.pem", "hello") } }),
        "Invalid configuration",
        "which can't be read (no certificate in it).",
      ],
      "SSL_CERT_DIR is missing": [
        () => ({ env: { SSL_CERT_DIR: "/nowhere" } }),
        "Invalid configuration",
        'SSL_CERT_DIR names "/nowhere", which can\'t be read (ENOENT). Name folders of PEM certificates, or unset it.',
      ],
    };
    it.each(Object.entries(failing))("fails when %s", async (_, [setting, summary, detail]) => {
      expect(await network().tokens(setting())).toEqual([{ summary, path: "issuer", detail: expect.stringContaining(detail) }]);
    });

    const served: { readonly [name: string]: [subject: { hosts: readonly string[]; validTo?: Date }, detail: string] } = {
      "it has expired": [
        { hosts: ["127.0.0.1"], validTo: new Date(Date.now() - 60_000) },
        "has expired (CERT_HAS_EXPIRED). It has to be renewed there.",
      ],
      "it is for another name": [
        { hosts: ["other.example.com"] },
        "is for another name than 127.0.0.1 (ERR_TLS_CERT_ALTNAME_INVALID). Use a name that it is for",
      ],
    };
    it.each(Object.entries(served))("fails when %s, at the issuer and at the API server", async (_, [subject, detail]) => {
      const { certificate, key } = await issueCertificate(network().authority, { commonName: "s", ...subject });
      const server = await startTestServer(() => ({ json: {} }), { cert: certificate, key });
      network().closeLater(server);
      const setting = {
        kubernetes: { config_path: network().kubeconfig({ server: server.url }) },
        issuer: { api_endpoint: server.url, ca_certificate: network().ca },
      };
      const said = [{ summary: "Certificate not trusted", detail: expect.stringContaining(detail) }];
      expect(await network().tokens(setting)).toMatchObject(said);
      expect(await network().whoami(setting)).toMatchObject(said);
      expect(server.received).toEqual([]);
    });
  });
}
