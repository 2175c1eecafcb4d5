import { createTrust } from "../../../lib/clients/http/trust";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";

const baseUrl = "https://127.0.0.1";

test("issue 4: clients that trust and present the same share one context, others don't", async () => {
  const [one, other] = [await createAuthority("one"), await createAuthority("other")];
  const client = await issueCertificate(one, { commonName: "client" });
  const given = {
    pinned: { baseUrl, env: {}, ca: one.certificate },
    added: { baseUrl, env: {}, additionalCa: one.certificate },
    other: { baseUrl, env: {}, ca: other.certificate },
    "with a certificate": { baseUrl, env: {}, ca: one.certificate, cert: client.certificate, key: client.key },
    "built in": { baseUrl, env: {} },
  };
  const first = await Promise.all(Object.values(given).map(createTrust));
  const again = await Promise.all(Object.values(given).map(createTrust));
  expect(new Set(first).size).toBe(first.length);
  expect(again.map((context, index) => context === first[index])).toEqual(first.map(() => true));
});
