import { readFileSync } from "node:fs";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { openshiftOf } from "../support/openshift";
import { createStack, errorsOf, expectWell, removeStack, type Stack } from "../support/terraform";
import { INGRESS_CERTIFICATE, type OpenSetting, provider } from "./setting";

const ROUTE = "registry_openshift_route.r";

/** What the ingress operator publishes, and what may stand there besides. */
export function testCertificates(open: OpenSetting): void {
  describe("the certificates of the route", () => {
    let stack: Stack;
    const publish = (pem: string) => open().api("PATCH", INGRESS_CERTIFICATE, { data: { "ca-bundle.crt": pem } });
    const ours = () => readFileSync(openshiftOf(open().cluster.state).route.caFile, "utf8");
    const held = async () => (await stack.attributes<{ readonly ca_certificate: string }>(ROUTE))?.ca_certificate;
    /** What a plan says that the output will be. */
    const planned = async () => {
      expectWell(await stack.plan());
      const data = JSON.parse((await stack.run("show", "-json", "plan.bin")).output) as {
        readonly output_changes: { readonly ca: { readonly actions: readonly string[]; readonly after?: string } };
      };
      return data.output_changes.ca;
    };

    beforeAll(async () => {
      stack = await createStack("openshift-certificates");
      stack.write(`${provider("openshift-certificates", open().cluster.kubernetes)}
        resource "registry_openshift_route" "r" {}
        output "ca" { value = ${ROUTE}.ca_certificate }`);
      expectWell(await stack.apply());
    });
    afterAll(async () => {
      await publish(ours());
      await stack.destroy();
      removeStack(stack);
    });

    test("drift: renewed by another authority is seen at the next plan, and the apply says it on", async () => {
      expect((await planned()).actions).toEqual(["no-op"]);
      const { certificate } = await createAuthority("ingress-operator");
      await publish(`${certificate}\n`);
      expect(await planned()).toMatchObject({ actions: ["update"], after: expect.stringContaining(certificate.trim()) });
      expectWell(await stack.apply());
      expect((await held())?.trim()).toBe(certificate.trim());
      expect((await planned()).actions).toEqual(["no-op"]);
    });

    test("one that is about to expire warns, and no other does", async () => {
      const validTo = new Date(Date.now() + 3 * 24 * 3600 * 1000);
      const { certificate } = await createAuthority("ingress-operator", { validTo });
      await publish(`${ours()}${certificate}\n`);
      const warnings = expectWell(await stack.plan()).messages.filter(({ severity }) => severity === "warning");
      expect(warnings).toMatchObject([
        { summary: "Certificate expires soon", detail: expect.stringContaining('"CN=ingress-operator"'), address: ROUTE },
      ]);
      await publish(ours());
      expect(expectWell(await stack.plan()).messages.filter(({ severity }) => severity === "warning")).toEqual([]);
    });

    test("a certificate of the administrator's own is published with those in between, and taken whole", async () => {
      const root = await createAuthority("Example Root");
      const between = await createAuthority("Example Intermediate", { parent: root });
      const leaf = await issueCertificate(between, { commonName: "*.apps.sandbox.example.com" });
      const chain = `${leaf.certificate}\n${between.certificate}\n`;
      await publish(chain);
      expectWell(await stack.apply());
      expect((await held())?.trim()).toBe(chain.trim());
      expect((await planned()).actions).toEqual(["no-op"]);
    });

    test.each(["a private key", "garbage"])("fails when %s is published there: neither state nor output has it", async (what) => {
      const { certificate, key } = await createAuthority("careless");
      const wrong = what === "garbage" ? "-----BEGIN CERTIFICATE-----\nnot-base64-at-all\n-----END CERTIFICATE-----\n" : key;
      await publish(`${certificate}\n${wrong}\n`);
      const run = await stack.apply();
      const line = wrong.split("\n")[1] ?? "";
      const shown = (await stack.run("show", "-json")).output + (await stack.run("output", "-json")).output + run.output;
      expect(shown.includes(line)).toBe(false);
      expect(run.messages.map(({ summary, detail }) => `${summary} ${detail}`).join("\n")).toMatch(/default-ingress-cert/);
      expect(errorsOf(run).every(({ detail }) => detail.includes("default-ingress-cert"))).toBe(true);
    });
  });
}
