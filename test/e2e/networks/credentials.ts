/** Where no credential may go. */
import { issueCertificate } from "../../../sandbox/certificates";
import { startTestServer, type TestServer } from "../../clients/test-server";
import { hostOf, type Network } from "./network";

/** Declares the tests. */
export function testCredentials(network: () => Network): void {
  describe("networks: where credentials may not go", () => {
    let thief: TestServer;
    beforeAll(async () => {
      const { certificate, key } = await issueCertificate(network().authority, { commonName: "thief", hosts: ["127.0.0.1"] });
      thief = await startTestServer(() => ({ json: { access_token: "t", tokens: [], resources: [] } }), {
        cert: certificate,
        key,
      });
    });
    afterAll(() => thief?.close());

    const calls = [
      ["GET", "/v2/info"],
      ["POST", "/oauth/token"],
      ["GET", "/v2/organizations"],
      ["GET", "/api/v1/tokens"],
    ] as const;
    it.each(calls)("fails when %s %s is redirected: nothing follows", async (method, pathPrefix) => {
      const headers = { location: `${thief.url}${pathPrefix}` };
      await network().bluemix.control.addFault({ method, pathPrefix, status: 307, headers });
      try {
        expect(await network().tokens({ issuer: { ca_certificate: network().ca } })).toEqual([
          {
            summary: "Unexpected answer",
            path: "issuer",
            detail: expect.stringContaining(
              `307, a redirect to ${hostOf(thief.url)}. Redirects are not followed, so that a credential never reaches another host`,
            ),
          },
        ]);
      } finally {
        await network().bluemix.control.clearFaults();
      }
      expect(thief.received).toEqual([]);
    });

    it("fails when the API names a login elsewhere: nothing is sent there", async () => {
      const json = { authorization_endpoint: "https://login.evil.example.com", token_endpoint: "https://login.evil.example.com" };
      await network().bluemix.control.addFault({ method: "GET", pathPrefix: "/v2/info", status: 200, json });
      try {
        expect(await network().tokens({ issuer: { ca_certificate: network().ca } })).toMatchObject([
          {
            summary: "Unexpected answer",
            detail: expect.stringContaining("names https://login.evil.example.com to log in at. The login was not sent there"),
          },
        ]);
      } finally {
        await network().bluemix.control.clearFaults();
      }
    });

    it("fails when an endpoint is plain HTTP to another machine", async () => {
      expect(await network().tokens({ issuer: { api_endpoint: "http://api.acme.example.com" } })).toMatchObject([
        {
          detail: expect.stringContaining(
            "http://api.acme.example.com is plain HTTP: credentials would cross the network readable by anyone.",
          ),
        },
      ]);
    });
  });
}
