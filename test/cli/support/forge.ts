import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { createForgeControl, type ForgeControl, type ForgeUrls, startForgeEmulator } from "../../../sandbox/emulators/forge";

const SECRET = "control-secret-of-the-test";

/** Tokens of the emulator's users; none of them is a real one's form. */
export const TOKENS = {
  /** Of a workflow's run: `github-actions[bot]`. */
  workflow: "workflow-token-0123456789",
  /** The same of a fork's pull request. */
  fork: "fork-token-0123456789",
  /** A project access token of GitLab. */
  project: "project-token-0123456789",
  /** CI_JOB_TOKEN. */
  job: "job-token-0123456789",
  outsider: "outsider-token-0123456789",
} as const;

/** The forges' emulator in this process. */
export interface Forge {
  readonly urls: ForgeUrls;
  readonly control: ForgeControl;
  readonly folder: string;
  /** Of who signed the certificates of its TLS twins. */
  readonly caFile: string;
  stop(): Promise<void>;
}

/** Starts it with a project `acme/infra` (id 42), its pull requests 7, 8 and 9, and users. */
export async function startForge(): Promise<Forge> {
  const folder = mkdtempSync(join(tmpdir(), "registry-access-forge-"));
  const authority = await createAuthority("forge-ca");
  const { certificate, key } = await issueCertificate(authority, { commonName: "forge", hosts: ["127.0.0.1"] });
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const caFile = file("ca.pem", authority.certificate);
  const token = (value: string, kind: "user" | "installation" | "job", access: "none" | "read" | "write") => ({
    value,
    kind,
    access,
  });
  const emulator = await startForgeEmulator({
    dataFile: join(folder, "forge.json"),
    tls: { certificateFile: file("forge.pem", certificate), keyFile: file("forge-key.pem", key) },
    control: { secret: SECRET },
    users: [
      {
        id: 1,
        login: "github-actions[bot]",
        tokens: [token(TOKENS.workflow, "installation", "write"), token(TOKENS.fork, "installation", "read")],
      },
      { id: 2, login: "project_42_bot", tokens: [token(TOKENS.project, "user", "write"), token(TOKENS.job, "job", "write")] },
      { id: 3, login: "eve", tokens: [token(TOKENS.outsider, "user", "none")] },
    ],
    projects: [{ id: 42, path: "acme/infra", numbers: [7, 8, 9] }],
  });
  return {
    urls: emulator.urls,
    control: createForgeControl(emulator.urls.control.url, SECRET),
    folder,
    caFile,
    async stop() {
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
