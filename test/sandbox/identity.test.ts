import { execFileSync, spawn } from "node:child_process";
import { identityOf, isAlive, PRINT_OWN_IDENTITY, type ProcessIdentity, parseIdentity } from "../../sandbox/process/identity";

const BOOT = "ed8ef13c-e601-4f4c-adf5-a67bc5bbbdd1";
const fields = "1 2 2 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 9 0 215042 22 33 44";

describe("parseIdentity", () => {
  const cases: Record<string, { text: string; identity: ProcessIdentity | undefined }> = {
    "a line of /proc": { text: `77 (etcd) S ${fields}\n${BOOT}\n`, identity: { pid: 77, started: `${BOOT}/215042` } },
    "a name with blanks and brackets": {
      text: `77 (a) Z (b) S ${fields}\n${BOOT}\n`,
      identity: { pid: 77, started: `${BOOT}/215042` },
    },
    "a zombie": { text: `77 (etcd) Z ${fields.replace(" 9 ", " 1 ")}\n${BOOT}\n`, identity: undefined },
    "a zombie with threads that are still ending": {
      text: `77 (etcd) Z ${fields}\n${BOOT}\n`,
      identity: { pid: 77, started: `${BOOT}/215042` },
    },
    "a line of ps": { text: "   77 Ss   Sun Nov 22 05:36:01 2026\n", identity: { pid: 77, started: "Sun Nov 22 05:36:01 2026" } },
    "a zombie of ps": { text: "   77 Z    Sun Nov 22 05:36:01 2026\n", identity: undefined },
    "a line cut short": { text: `77 (etcd) S 1 2\n${BOOT}\n`, identity: undefined },
    nothing: { text: "", identity: undefined },
  };
  it.each(Object.entries(cases))("reads %s", (_, { text, identity }) => {
    expect(parseIdentity(text)).toEqual(identity);
  });
});

describe("isAlive", () => {
  it("is true for this process", () => {
    const own = identityOf(process.pid);
    expect(own && isAlive(own)).toBe(true);
  });

  it("is false for another process that was given the same process id", () => {
    expect(isAlive({ pid: process.pid, started: `${BOOT}/1` })).toBe(false);
  });

  it("is false once a process has ended", async () => {
    const child = spawn("sleep", ["60"]);
    const identity = identityOf(child.pid ?? 0);
    expect(identity && isAlive(identity)).toBe(true);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    expect(identity && isAlive(identity)).toBe(false);
  });
});

it("a shell prints its own identity in the same form", () => {
  const [pid = "", ...text] = execFileSync("/bin/sh", ["-c", `echo $$; ${PRINT_OWN_IDENTITY}`], { encoding: "utf8" }).split("\n");
  expect(parseIdentity(text.join("\n"))?.pid).toBe(Number(pid));
});
