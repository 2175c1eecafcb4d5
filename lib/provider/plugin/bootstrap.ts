/**
 * The first part of a bundle: shakes hands, then compiles the second, which scripts/build-provider.ts hides in a comment
 * behind it. So V8 reads past megabytes of code that the handshake does without, and can compile them from its cache.
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { openCodeCache } from "./code-cache";
import { readHandshake } from "./handshake";
import { leaveLaunch } from "./launch";
import { type Shaken, shakeHands } from "./shake-hands";

/** Hash of the second part, and its length as it stands in the comment; esbuild puts them here. */
declare const PAYLOAD_HASH: string;
declare const PAYLOAD_LENGTH: number;

/**
 * undici reads HTTP with a parser in WebAssembly. V8 would compile what is hot of it once more, optimized, beside everything else: 15 to 30 MB
 * at the worst moment, for a parser that takes some milliseconds of a run. These keep it to the first compiler.
 */
const PARSER_FLAGS = ["--liftoff-only", "--no-wasm-tier-up", "--no-wasm-dynamic-tiering"];

type ModuleFunction = (exports: object, require: NodeJS.Require, module: NodeJS.Module, filename: string, folder: string) => void;

async function main(): Promise<void> {
  const handshake = process.argv.includes("--debug") ? undefined : readHandshake(process.env);
  run(handshake === undefined ? undefined : await shakeHands(handshake));
}

function run(shaken: Shaken | undefined): void {
  const text = readFileSync(__filename, "latin1");
  const end = text.lastIndexOf("*/");
  const source = text.slice(end - PAYLOAD_LENGTH, end).replaceAll("*\x7f/", "*/");
  // Before the cache is read, which V8 rejects where it was written under other flags.
  for (const flag of PARSER_FLAGS) setFlagsFromString(flag);
  const cache = openCodeCache(PAYLOAD_HASH);
  const cached = cache?.read();
  const script = new Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, {
    filename: __filename,
    ...(cached === undefined ? {} : { cachedData: cached.data }),
  });
  const stage = script.cachedDataRejected === true ? undefined : cached?.stage;
  leaveLaunch({
    shaken,
    saveCodeCache(configured) {
      if (stage === "configured" || (stage === "schema" && !configured)) return;
      cache?.write(configured ? "configured" : "schema", script.createCachedData());
    },
  });
  const load = script.runInThisContext() as ModuleFunction;
  load(exports, require, module, __filename, __dirname);
}

main().catch((error: unknown) => {
  process.stderr.write(`This provider can't start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
