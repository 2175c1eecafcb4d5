import { version } from "../../package.json";
import { type Output, tell } from "./io";
import { runCommandLine } from "./program";
import { readWhole } from "./terraform/plan-text";

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());
// A reader that has seen enough (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const output = (stream: NodeJS.WriteStream): Output => ({
  isTTY: stream.isTTY === true,
  write: (written) => void stream.write(written),
});

const io = {
  env: process.env,
  folder: process.cwd(),
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: () => readWhole(process.stdin, "Standard input"),
  now: () => new Date(),
  signal: interrupted.signal,
};

void runCommandLine(process.argv.slice(2), io, version).then((code) => {
  tell(io, "");
  process.exitCode = code;
});
