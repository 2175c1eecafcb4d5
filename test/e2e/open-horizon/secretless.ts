import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type SecretSource, searchSecrets, textSource } from "../../support/secret-search";
import { photograph, takeLog } from "../support/evidence";
import { watchArguments } from "../support/process-arguments";
import type { Run } from "../support/terraform";
import { AUTH, horizon, makeKey, pattern, provider, registryAuth, SERVICE, service, stack } from "./setting";

/** Neither the exchange's login nor a registry's password nor the private key lies in anything that a run leaves behind. */
export function testSecretless(): void {
  describe("Open Horizon: secretless", () => {
    it("under TF_LOG=TRACE no login, password and key is in state, plans, logs, output, arguments and file names", async () => {
      const log = join(stack.folder, "..", `open-horizon-${process.pid}.log`);
      // A key that comes by the environment: a file of its own would lie in the folder that is searched.
      const { file } = makeKey("own");
      const key = readFileSync(file, "utf8");
      rmSync(file);
      Object.assign(stack.env, { TF_LOG: "TRACE", TF_LOG_PATH: log, HZN_OWN_KEY: key });
      const auth = horizon.env.HZN_EXCHANGE_USER_AUTH;
      const markers = new Map([
        ["the user's auth", auth],
        ["the user's password", auth.slice(auth.indexOf(":") + 1)],
        ["the registry's password", stack.env.TF_VAR_password ?? ""],
        ["the registry's next password", "marker-of-the-next-password"],
        ["the private key", key],
        // However its lines are broken.
        ["a line of the private key", key.split("\n")[5] ?? ""],
      ]);
      const watch = watchArguments();
      const places: SecretSource[] = [];
      const live = async (moment: string, ...runs: readonly (() => Promise<Run>)[]) => {
        for (const run of runs) {
          const { code, output } = await run();
          if (code !== 0) throw new Error(`${moment}: ${output.slice(-4000)}`);
          places.push(textSource(`output @ ${moment}`, output));
        }
        places.push(...photograph(stack.folder, moment), ...takeLog(log, moment));
      };
      const show = async () => stack.run("show", "-json", "plan.bin");
      const own = { signing_key_file: undefined, signing_key_env: '"HZN_OWN_KEY"' };
      stack.write(
        provider() +
          service({ ...own, public_key: undefined }) +
          registryAuth({ service: `${SERVICE}.service_id` }) +
          pattern({ ...own, depends_on: `[${SERVICE}]` }),
      );
      await live(
        "apply",
        () => stack.plan(),
        show,
        () => stack.apply("plan.bin"),
      );
      stack.env.TF_VAR_password = "marker-of-the-next-password";
      await live(
        "rotation",
        () => stack.plan(),
        show,
        () => stack.apply("plan.bin"),
      );
      await live("destroy", () => stack.destroy());
      watch.stop();
      rmSync(log, { force: true });
      places.push(
        textSource("arguments", watch.seen().join("\n")),
        textSource("file names", places.map(({ name }) => name).join("\n")),
      );
      expect(searchSecrets(markers, places)).toEqual([]);
      // It is searched where it matters: what is public is found in state, plan, log and output.
      const found = JSON.stringify(searchSecrets(new Map([["public", AUTH.replace(/\..*$/, "")]]), places));
      for (const place of ["terraform.tfstate @ apply", "TRACE log @ apply", "output @ apply", "plan.bin @ apply"])
        expect(found).toContain(place);
    });
  });
}
