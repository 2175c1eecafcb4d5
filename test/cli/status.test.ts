import { renderTerminal } from "../../lib/cli/document/terminal";
import { statusDocument } from "../../lib/cli/status/render";
import { statusReport } from "../../lib/cli/status/report";
import { account, facts, login, secret } from "../domain/access-map/facts";
import { runCli } from "./support/run";

test("1,000 namespaces of the same access are one line", () => {
  const namespaces = Array.from({ length: 1000 }, (_, index) => `team-${String(index).padStart(4, "0")}`);
  const cluster = facts({
    namespaces,
    secrets: namespaces.map((name) => secret(name, "pull", { "r.example": login("pw") })),
    accounts: namespaces.map((name) => account(name, "pull")),
  });
  const report = statusReport({ server: "https://c.example", at: new Date(0) }, cluster, 0);
  expect(renderTerminal(statusDocument(report, 0), { colours: false })).toBe(
    [
      "https://c.example: 1,000 namespaces, 1,000 pull secrets, nothing found to be wrong",
      "",
      "NAMESPACES                                           SERVICEACCOUNT  PULL SECRET  REGISTRY   EXPIRES  PODS",
      "1,000: team-0000, team-0001, team-0002 and 997 more  default         pull         r.example  unknown  0",
      "",
    ].join("\n"),
  );
});

test("what others wrote moves no cursor, and colours are on a terminal alone", () => {
  const annotations = { "registry-access/owner": "shop\u001b[2J\nnext \u202e|" };
  const cluster = facts({
    secrets: [
      secret("team-a", "pull", { "r.example": { auth: "?" } }, { metadata: { namespace: "team-a", name: "pull", annotations } }),
    ],
    accounts: [account("team-a", "pull")],
  });
  const report = statusReport({ server: "https://c.example", at: new Date(0) }, cluster, 0);
  const plain = renderTerminal(statusDocument(report, 0), { colours: false });
  expect(plain).toContain("pull (shop [2J next  |)");
  for (const character of ["\u001b", "\u202e"]) expect(plain).not.toContain(character);
  expect(renderTerminal(statusDocument(report, 0), { colours: true })).toContain("\u001b[31m\u2717\u001b[39m Secret pull");
});

const wrong: { readonly [name: string]: { readonly args: readonly string[]; readonly env?: object; readonly says: string } } = {
  "no cluster is named": {
    args: ["status"],
    env: { KUBECONFIG: "/x" },
    says: "Error: No cluster is named. Give a kubeconfig with --kubeconfig, or set KUBE_CONFIG_PATH",
  },
  "KUBE_INSECURE is no truth": {
    args: ["status"],
    env: { KUBE_HOST: "h", KUBE_INSECURE: "maybe" },
    says: 'Error: KUBE_INSECURE is "maybe". It is "true" or "false".',
  },
  "days are none": {
    args: ["status", "--expiring-within", "soon"],
    says: 'It is "soon". Give a number of days, such as 7 or 0.5.',
  },
  "a format is unknown": { args: ["status", "--format", "html"], says: "Allowed choices are terminal, markdown, json." },
  "a kubeconfig is not there": {
    args: ["status", "--kubeconfig", "/no/such/file"],
    says: 'Error: The kubeconfig "/no/such/file" ',
  },
  "a command is unknown": { args: ["statsu"], says: "unknown command 'statsu'" },
};

test.each(Object.entries(wrong))("fails when %s", async (_, { args, env = {}, says }) => {
  const { code, stdout, stderr } = await runCli(args, { ...env });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(says);
});
