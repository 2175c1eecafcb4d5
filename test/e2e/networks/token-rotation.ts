/** Tokens in files that are replaced while the provider runs. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type SecretObject } from "../../../lib/clients/kubernetes/client";
import { type Answer, type RunningProvider } from "../support/provider";
import { identityIn, NAMESPACE, type Network, ROBOT } from "./network";

const SUCCESSOR = `system:serviceaccount:${NAMESPACE}:successor`;

/** Declares the tests. The minute that a token is kept for passes during those that are declared before. */
export function testTokenRotation(network: () => Network): void {
  let rotating: RunningProvider;
  beforeAll(async () => {
    const { hostname, port } = new URL(network().cluster.state.apiServer);
    const mount = network().mounted();
    const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, ...mount };
    rotating = await network().start({ env, isLasting: true });
    expect(identityIn(await rotating.readCluster(NAMESPACE))).toBe(ROBOT);
    // Of another account, so that the API server's answer shows which one it got.
    await network().cluster.create("serviceaccounts", { metadata: { name: "successor", namespace: NAMESPACE } });
    const folder = mount.REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER;
    writeFileSync(join(folder, "next"), await network().tokenOf("successor"));
    renameSync(join(folder, "next"), join(folder, "token"));
  });

  describe("networks: a token file that rotates", () => {
    it("the new token is used within the run, once the old one is refused", async () => {
      const holder = await network().cluster.create<SecretObject>("secrets", {
        metadata: { name: "holder", namespace: NAMESPACE },
      });
      const file = join(network().folder, "token");
      writeFileSync(file, await network().tokenOf("robot", { name: "holder", uid: holder.metadata.uid ?? "" }));
      const provider = await network().start({ kubernetes: { config_path: network().kubeconfig({}, { tokenFile: "token" }) } });
      expect(identityIn(await provider.readCluster(NAMESPACE))).toBe(ROBOT);
      await network().cluster.delete("secrets", NAMESPACE, "holder");
      // The API server remembers a token that it took for some seconds.
      const refused = async (): Promise<Answer> => {
        const answer = await provider.readCluster(NAMESPACE);
        if (identityIn(answer) !== ROBOT) return answer;
        return sleep(500).then(refused);
      };
      const source = `user "test" of the kubeconfig`;
      expect(identityIn(await refused())).toMatchObject([
        {
          summary: "Login refused",
          detail: expect.stringContaining(
            `The API server does not accept the credential of ${source}: it is wrong, or has expired.`,
          ),
        },
      ]);
      writeFileSync(file, `${network().robotToken}\n`);
      expect(identityIn(await provider.readCluster(NAMESPACE))).toBe(ROBOT);
    });

    it("a Pod's new token is used within a minute, while the old one holds (issue 4)", async () => {
      const other = async (): Promise<unknown> => {
        const identity = identityIn(await rotating.readCluster(NAMESPACE));
        return identity === ROBOT ? sleep(1_000).then(other) : identity;
      };
      expect(await other()).toBe(SUCCESSOR);
      const config_path = network().kubeconfig({}, { token: network().robotToken });
      expect(await network().whoami({ kubernetes: { config_path } })).toBe(ROBOT);
    });
  });
}
