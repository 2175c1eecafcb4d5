import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { version } from "../../package.json";
import { buildCli } from "../../scripts/build-cli";

test("the bundle runs by itself", async () => {
  const path = await buildCli();
  const { stdout } = await promisify(execFile)(path, ["--version"], { cwd: "/", env: { PATH: process.env.PATH } });
  expect(stdout).toBe(`${version}\n`);
});
