/** `npm run lock-file`: after `npm install`, completes package-lock.json with what the registry at hand does not serve. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type LockFile, missingPlatforms } from "./missing";

const path = join(__dirname, "../../package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8")) as LockFile;
const missing = missingPlatforms(lock);
const packages = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
console.log(`${Object.keys(missing).length} entries added.`);
