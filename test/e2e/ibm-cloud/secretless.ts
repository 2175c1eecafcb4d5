import { rmSync } from "node:fs";
import { join } from "node:path";
import { type SecretSource, searchSecrets, textSource } from "../../support/secret-search";
import { photograph, takeLog } from "../support/evidence";
import { watchArguments } from "../support/process-arguments";
import type { Run } from "../support/terraform";
import { apiKey, ibmCloud, KEY, made, provider, pullSecret, stack } from "./setting";

/** No API key and no access token lies in anything that a run leaves behind. */
export function testSecretless(): void {
  describe("IBM Cloud: secretless", () => {
    it("under TF_LOG=TRACE neither key nor token is in state, plans, logs, output and arguments", async () => {
      const log = join(stack.folder, "..", `${KEY}-${process.pid}.log`);
      Object.assign(stack.env, { TF_LOG: "TRACE", TF_LOG_PATH: log });
      const watch = watchArguments();
      const markers = new Map([["the issuer's API key", ibmCloud.credentials.apiKey.reveal()]]);
      const places: SecretSource[] = [];
      const live = async (moment: string, ...runs: readonly (() => Promise<Run>)[]) => {
        for (const run of runs) {
          const { code, output } = await run();
          if (code !== 0) throw new Error(`${moment}: ${output.slice(-4000)}`);
          places.push(textSource(`output @ ${moment}`, output));
        }
        for (const { id, value } of (await made()).apiKeys) markers.set(id, value);
        places.push(...photograph(stack.folder, moment), ...takeLog(log, moment));
      };
      const planned = [() => stack.plan(), () => stack.run("show", "-json", "plan.bin"), () => stack.run("state", "pull")];
      stack.write(provider() + apiKey() + pullSecret());
      await live("apply", ...planned, () => stack.apply("plan.bin"));
      await live("plan", ...planned);
      await ibmCloud.control.deleteKey((await made()).apiKeys[0]?.id ?? "");
      await live("rotation", ...planned, () => stack.apply("plan.bin"));
      await live("destroy", () => stack.destroy());
      watch.stop();
      rmSync(log, { force: true });
      places.push(textSource("arguments", watch.seen().join("\n")));
      // IAM's access tokens all begin alike.
      markers.set("any access token", Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url"));
      expect(markers.size).toBe(4);
      expect(searchSecrets(markers, places)).toEqual([]);
      // It is searched where it matters: what is public is found in state, plan, log and output.
      const found = JSON.stringify(searchSecrets(new Map([["public", "registry_ibmcloud_api_key"]]), places));
      for (const place of ["terraform.tfstate @ apply", "TRACE log @ apply", "output @ apply", "plan.bin @ apply"]) {
        expect(found).toContain(place);
      }
    });
  });
}
