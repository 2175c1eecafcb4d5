import { Option } from "commander";
import type { Document } from "./document/document";
import { renderMarkdown } from "./document/markdown";
import { renderTerminal } from "./document/terminal";
import { type CommandIo, hasColours } from "./io";

/** How a command prints what it found. */
export type Format = "terminal" | "markdown" | "json";

/** The options of every command that prints a report. */
export interface FormatOptions {
  readonly format: Format;
  readonly json?: true;
}

/** `--format`. */
export function formatOption(): Option {
  return new Option("--format <format>", "how to print it").choices(["terminal", "markdown", "json"]).default("terminal");
}

/** `--json`, which is short for `--format json`. */
export function jsonOption(): Option {
  return new Option("--json", "the same as --format json");
}

/** Prints a report in the form that was asked for. */
export function print(io: CommandIo, { format, json }: FormatOptions, document: () => Document, data: () => object): void {
  const chosen = json ? "json" : format;
  if (chosen === "json") io.stdout.write(`${JSON.stringify(data(), null, 2)}\n`);
  else if (chosen === "markdown") io.stdout.write(renderMarkdown(document()));
  else io.stdout.write(renderTerminal(document(), { colours: hasColours(io) }));
}
