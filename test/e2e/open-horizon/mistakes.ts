import { fullId, horizon, provider, publishByHand, registryAuth, serviceId, stack } from "./setting";

/** What is wrong with the exchange, the login, or what the login may do. */
export function testMistakes(): void {
  describe("registry_horizon_*: mistakes", () => {
    interface Mistake {
      readonly prepare?: () => unknown;
      readonly hcl?: () => string;
      readonly summary: string;
      readonly detail: RegExp;
    }
    const refuse = (status: number, code: string, msg: string) => () =>
      horizon.control.addFault({ pathPrefix: "/v1/orgs/acme", times: 1000, status, json: { code, msg } });
    const mistakes: { readonly [name: string]: Mistake } = {
      "the password of the user is wrong": {
        prepare: () => Object.assign(stack.env, { HZN_EXCHANGE_USER_AUTH: "ada:wrong-password" }),
        summary: "Login refused",
        detail: /401.*acme\/ada.*HZN_EXCHANGE_USER_AUTH/s,
      },
      "there is no login": {
        prepare: () => Object.assign(stack.env, { HZN_EXCHANGE_USER_AUTH: "" }),
        summary: "No login for the exchange",
        detail: /HZN_EXCHANGE_USER_AUTH/,
      },
      "the service is somebody else's": {
        prepare: async () => {
          Object.assign(stack.env, { HZN_EXCHANGE_USER_AUTH: horizon.userAuth("colleague") });
          await horizon.control.edit((data) => Object.assign(data.services[fullId()] ?? {}, { public: true }));
        },
        summary: "Not allowed",
        detail: /403.*access-denied.*does not have authorization: [A-Z]+_[A-Z_]+.*belongs to the user who published it/s,
      },
      "the service is somebody else's, and not public": {
        prepare: () => Object.assign(stack.env, { HZN_EXCHANGE_USER_AUTH: horizon.userAuth("colleague") }),
        summary: "Service is not published",
        detail: /that acme\/\S+ sees: a user sees what is his own or public/,
      },
      "the user is of another organization": {
        prepare: () => Object.assign(stack.env, { HZN_EXCHANGE_USER_AUTH: `umbrella/${horizon.userAuth("stranger")}` }),
        summary: "Not allowed",
        detail: /403.*umbrella\/eve/s,
      },
      "nobody listens there": {
        hcl: () => provider().replace(/exchange_url = .*/, 'exchange_url = "https://127.0.0.1:9/v1"') + registryAuth(),
        summary: "Unreachable",
        detail: /127.0.0.1:9 refuses connections/,
      },
      "the CA is unknown": {
        hcl: () => provider().replace(/ca_certificate = .*/, "") + registryAuth(),
        summary: "Certificate not trusted",
        detail: /is not signed by a CA that is trusted here/,
      },
      "there is no exchange there": {
        hcl: () =>
          provider().replace(/exchange_url = .*/, `exchange_url = "${horizon.state.exchange.replace("/v1", "/other")}"`) +
          registryAuth(),
        summary: "Unexpected answer",
        detail: /exchange_url/,
      },
      "its database is down": {
        prepare: refuse(502, "database-connection-error", "An I/O error occurred while sending to the backend."),
        summary: "The service failed",
        detail: /502.*An I\/O error occurred/s,
      },
      "its database does not answer": {
        prepare: refuse(504, "database-timeout", "DB timed out"),
        summary: "The service failed",
        detail: /504.*DB timed out/s,
      },
      "the service is not published": {
        hcl: () => provider() + registryAuth({ service: '"nowhere_1.0.0_amd64"' }),
        summary: "Service is not published",
        detail: /nowhere_1.0.0_amd64/,
      },
    };
    it.each(Object.entries(mistakes))("fails when %s", async (_, { prepare, hcl, summary, detail }) => {
      await publishByHand();
      await prepare?.();
      stack.write(hcl?.() ?? provider() + registryAuth());
      const { code, messages } = await stack.apply();
      expect({ code, messages }).toMatchObject({
        code: 1,
        messages: [{ severity: "error", summary, detail: expect.stringMatching(detail) }],
      });
      await horizon.control.clearFaults();
      expect((await horizon.control.data()).dockAuths.filter(({ service }) => service.includes(serviceId()))).toEqual([]);
    });
  });
}
