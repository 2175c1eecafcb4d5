import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAudit } from "../../../sandbox";
import { prepareAudit } from "../../../sandbox/control-plane/audit";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "registry-access-audit-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const event = (user: string, requestURI: string) =>
  JSON.stringify({
    kind: "Event",
    stage: "ResponseComplete",
    user: { username: user },
    verb: "list",
    requestURI,
    responseStatus: { code: 200 },
  });

test("nobody is written down unless asked for", async () => {
  expect(await prepareAudit(folder, [])).toEqual([]);
  expect(await readAudit({ folder })).toEqual([]);
});

test("only the users named are written down, each request once", async () => {
  const flags = await prepareAudit(folder, ["planner"]);
  const policy = flags.find((flag) => flag.startsWith("--audit-policy-file="))?.slice("--audit-policy-file=".length) ?? "";
  expect(JSON.parse(readFileSync(policy, "utf8"))).toMatchObject({
    kind: "Policy",
    rules: [{ level: "Metadata", users: ["planner"], omitStages: ["RequestReceived", "ResponseStarted"] }, { level: "None" }],
  });
});

test("what was written down is read back", async () => {
  const flags = await prepareAudit(folder, ["planner"]);
  const log = flags.find((flag) => flag.startsWith("--audit-log-path="))?.slice("--audit-log-path=".length) ?? "";
  writeFileSync(log, `${event("planner", "/api/v1/secrets?limit=500")}\n${event("planner", "/api/v1/namespaces")}\n`);
  expect(await readAudit({ folder })).toEqual([
    { user: "planner", verb: "list", uri: "/api/v1/secrets?limit=500", code: 200 },
    { user: "planner", verb: "list", uri: "/api/v1/namespaces", code: 200 },
  ]);
});
