import type { Cell } from "../../../sandbox/main-job/cell";
import type { Row } from "../../../sandbox/main-job/cells";
import { untilInterrupted, whatToTry } from "../../../sandbox/main-job/stay-up";

const well: Cell = { state: "well", text: "fine" };
const row = (namespace: string, secret: Cell): Row => {
  return { namespace, secret, registries: well, serviceAccount: well, samples: well, pull: well };
};
const place = { folder: "/a b/project", environmentFile: "/a b/it's.sh" };
const cluster = { kubeconfig: "/a b/kubeconfig", context: "sandbox-x" };

describe("whatToTry", () => {
  it("says that a sandbox which was up before stays up", () => {
    expect(whatToTry(place, cluster, [], true)).toContain("The sandbox was up before, and stays up after Ctrl-C.");
  });

  it("names the last namespace's first pull secret, and quotes for a shell", () => {
    const rows = [
      row("one", well),
      row("two", { state: "well", text: "pull\nmore" }),
      row("three", { state: "nothing", text: "–" }),
    ];
    expect(whatToTry(place, cluster, rows, false).trim().split("\n").slice(1)).toEqual([
      "  1. look around        kubectl --kubeconfig '/a b/kubeconfig' --context sandbox-x get secrets,serviceaccounts,pods --all-namespaces",
      "  2. make a drift       kubectl --kubeconfig '/a b/kubeconfig' --context sandbox-x delete secret pull --namespace two",
      "  3. see it in a plan   (cd '/a b/project' && . '/a b/it'\\''s.sh' && npx cdktf diff)",
    ]);
  });
});

describe("untilInterrupted", () => {
  it("ends with the signal", async () => {
    const interrupted = new AbortController();
    const done = untilInterrupted(interrupted.signal, () => true);
    interrupted.abort();
    await expect(done).resolves.toBeUndefined();
  });

  it("fails when the sandbox is gone", async () => {
    await expect(untilInterrupted(new AbortController().signal, () => false)).rejects.toThrow("The sandbox is not up any more");
  });
});
