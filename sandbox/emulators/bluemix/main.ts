/**
 * The Bluemix emulator as a process: `tsx sandbox/emulators/bluemix/main.ts CONFIG.json`.
 *
 * CONFIG.json is a {@link BluemixEmulatorConfig} (config.ts says every field). The least of it:
 * ```json
 * {
 *   "dataFile": "bluemix.data.json",
 *   "control": { "secret": "at-least-16-random-characters" },
 *   "users": [{ "username": "ada", "password": "…", "apiKeys": ["…"], "accounts": ["acme-account"] }],
 *   "regions": [
 *     {
 *       "name": "us-south",
 *       "hosts": ["registry.ng.bluemix.net", "registry.bluemix.net"],
 *       "organizations": [{ "name": "acme", "guid": "7a1c…", "account": "acme-account" }],
 *       "namespaces": [{ "name": "acme", "account": "acme-account" }],
 *       "tokens": [{ "description": "ci", "account": "acme-account" }]
 *     }
 *   ],
 *   "tokenServer": {
 *     "issuer": "bluemix-emulator", "certificateFile": "signing.crt", "keyFile": "signing.key",
 *     "services": [{ "name": "private-registry", "regions": ["us-south"],
 *                    "logins": [{ "username": "partner", "password": "…", "namespaces": ["partner"] }] }]
 *   }
 * }
 * ```
 * When it listens it prints one line of JSON to stdout: `{"ready":true,"regions":{"us-south":{"url":…}},"tokenServer":…,"control":…}`.
 * The registry is then started with `auth.token`: `realm` = tokenServer.url + `/token`, `service`, `issuer`, and `rootcertbundle` = the
 * signing certificate or its CA. SIGTERM and SIGINT end it. A wrong configuration ends it with 2 and a sentence on stderr.
 */
import { runEmulator } from "../http";
import { startBluemixEmulator } from "./emulator";

runEmulator(startBluemixEmulator);
