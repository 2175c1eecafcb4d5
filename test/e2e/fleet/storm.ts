import { readFile } from "node:fs/promises";
import { issueCertificate } from "../../../sandbox/certificates";
import { type FaultProxy, kubernetesRefusal, startFaultProxy } from "../../../sandbox/fault-proxy";
import { expectWell } from "../support/terraform";
import { userToken } from "../support/user-token";
import { bluemix, cluster, expectGone, expectServed, hcl, OWNER, stack } from "./setting";

/** An API server that is asked too much: it refuses everybody, and goes on doing so for longer than five attempts take. */
const STORM = { calm: 250, milliseconds: 6_000 };

/** An API server that has too much to do: it answers 429, again and again. */
export function testStorm(): void {
  describe("fleet: storms of 429", () => {
    let proxy: FaultProxy<"kubernetes">;
    let kubernetes: string;

    beforeAll(async () => {
      const { state } = cluster;
      const [ca = "", key = ""] = await Promise.all(
        [state.caFile, state.caFile.replace(/\.crt$/, ".key")].map((file) => readFile(file, "utf8")),
      );
      const tls = await issueCertificate({ certificate: ca, key }, { commonName: "storm", hosts: ["127.0.0.1"] });
      const services = { kubernetes: { url: state.apiServer, refusal: kubernetesRefusal } };
      proxy = await startFaultProxy({ services, ca, tls, elsewhere: state.apiServer });
      stack.env.KUBE_TOKEN = await userToken(cluster, "storm", "limited-apply");
      kubernetes = `{ host = "${proxy.urls.kubernetes}", cluster_ca_certificate = file("${state.caFile}") }`;
      proxy.storm("kubernetes", STORM);
    });
    afterAll(async () => {
      delete stack.env.KUBE_TOKEN;
      await proxy?.close();
    });

    it("create, plan, rotate and destroy go well under them, and nothing is left", async () => {
      stack.write(hcl({ kubernetes }));
      expectWell(await stack.apply());
      await expectServed();
      expectWell(await stack.apply("-replace=registry_token.pull"));
      await expectServed();
      await bluemix.onlyLiving(OWNER);
      expectWell(await stack.destroy());
      await expectGone();
      // Each of the three writes met some.
      expect((await proxy.disarm()).times).toBeGreaterThan(3);
    });
  });
}
