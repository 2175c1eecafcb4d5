import { Command, CommanderError } from "commander";
import { ClientError } from "../clients/client-error";
import { sentence } from "../clients/sentence";
import { clipMessage } from "../domain/clip";
import { processRedactor } from "../domain/redaction";
import { addCommentCommand } from "./comment/command";
import { addDriftCommand } from "./drift/command";
import { type CommandIo, EXIT, tell } from "./io";
import { addReviewCommand } from "./review/command";
import { addStatusCommand } from "./status/command";
import { UsageError } from "./usage-error";

/** Runs the command line. Never throws. @returns the exit code */
export async function runCommandLine(args: readonly string[], io: CommandIo, version: string): Promise<number> {
  let code: number = EXIT.well;
  const program = new Command("registry-access")
    .description("Who can pull from which private registry, and why: plan reviews, drift and status")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError("Run it with --help to see what there is.")
    .exitOverride();
  const done = (ended: number) => {
    code = ended;
  };
  addCommentCommand(program, io, done);
  addDriftCommand(program, io, done);
  addReviewCommand(program, io, done);
  addStatusCommand(program, io, done);
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.well : EXIT.failed;
    tell(io, "");
    if (io.signal.aborted) {
      io.stderr.write("Interrupted.\n");
      return EXIT.interrupted;
    }
    io.stderr.write(`${processRedactor.text(messageOf(error))}\n`);
    return EXIT.failed;
  }
}

/** What went wrong, for a person; of a bug its stack as well. */
function messageOf(error: unknown): string {
  if (ClientError.is(error)) return `Error: ${clipMessage(sentence(error.message))}`;
  if (error instanceof UsageError) return `Error: ${error.message}`;
  return `Error, and not yours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
