/** `npm run provider -- FOLDER`: gives a folder of plain HCL what a synthesized stack carries: the provider, and its lock file entry. */
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { PROVIDER_SOURCE, VERSION } from "../lib/constructs/product";
import { writeProviderFolder } from "../lib/constructs/provider-folder";
import { buildProvider } from "./build-provider";

const USAGE = "Usage: npm run provider -- FOLDER, the folder of your .tf files, where terraform or tofu is run.";

async function main(args: readonly string[]): Promise<number> {
  const [given, ...more] = args;
  if (given === undefined || more.length > 0 || given.startsWith("-")) {
    console.error(USAGE);
    return given === "--help" ? 0 : 2;
  }
  // npm runs a script in the package's folder; INIT_CWD is where the person is.
  const folder = resolve(process.env.INIT_CWD ?? "", given);
  if (!existsSync(folder) || !readdirSync(folder).some((name) => /\.(tf|tofu)(\.json)?$/.test(name))) {
    console.error(`${folder} holds no .tf file. ${USAGE}`);
    return 2;
  }
  writeProviderFolder(folder, await buildProvider("registry"));
  console.log(`${PROVIDER_SOURCE} ${VERSION} is in ${folder}: terraform.d/plugins and .terraform.lock.hcl. Next: terraform init`);
  return 0;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
