/** Benchmarks: `npm run bench -- startup`. */
import { Command, InvalidArgumentError } from "commander";
import { measureStartup } from "./startup";

function parseRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1)
    throw new InvalidArgumentError(`The number of runs is ${text}. Allowed are 1 and more.`);
  return runs;
}

const program = new Command("bench").description("Benchmarks of cdktf-registry-access");

program
  .command("startup")
  .description("how long Terraform waits for the provider's handshake, beside bare Node")
  .option("--json", "print one JSON object")
  .option("--runs <n>", "interleaved runs", parseRuns, 15)
  .action(async (options: { readonly json?: boolean; readonly runs: number }) => {
    const startup = await measureStartup(options.runs);
    const text = Object.entries(startup).map(([name, value]) => `${name.padEnd(14)}${value}`);
    process.stdout.write(options.json ? `${JSON.stringify(startup)}\n` : `${text.join("\n")}\n`);
  });

void program.parseAsync();
