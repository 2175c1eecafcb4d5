import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** An emulator's data, in memory and in its file. */
export interface DataFile<Data> {
  readonly data: Data;
  /** Writes the file, all or nothing. Call it before answering the request that changed something. */
  save(): void;
}

/** Opens the data file of an emulator, readable by its owner only, or begins a new one. Throws on a file of another version. */
export function openDataFile<Data extends { readonly version: 1 }>(file: string, empty: () => Data): DataFile<Data> {
  const data = existsSync(file) ? read<Data>(file) : empty();
  mkdirSync(dirname(file), { recursive: true });
  return {
    data,
    save() {
      const draft = `${file}.${process.pid}.tmp`;
      writeFileSync(draft, JSON.stringify(data, null, 2), { mode: 0o600 });
      renameSync(draft, file);
    },
  };
}

function read<Data extends { readonly version: 1 }>(file: string): Data {
  const data = JSON.parse(readFileSync(file, "utf8")) as Data;
  if (data.version !== 1)
    throw new Error(`${file} has version ${String(data.version)}; this emulator reads version 1: delete the file.`);
  return data;
}
