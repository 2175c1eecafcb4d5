import { accessMapOf } from "../../../lib/domain/access-map/access-map";
import { findingsOf } from "../../../lib/domain/access-map/findings";
import { foldAccess, foldFindings } from "../../../lib/domain/access-map/fold";
import { account, facts, login, pod, secret } from "./facts";

const names = Array.from({ length: 1000 }, (_, index) => `team-${String(index).padStart(4, "0")}`);
const cluster = facts({
  namespaces: [...names, "odd"],
  secrets: [
    ...names.map((name) => secret(name, "pull", { "r.example": login("pw") })),
    secret("odd", "pull", { "r.example": { auth: "?" } }),
  ],
  accounts: [...names, "odd"].map((name) => account(name, "pull", "gone")),
  pods: names.slice(0, 10).map((name) => pod(name, "one", "pull", "gone")),
});
const map = accessMapOf(cluster);

test("access of 1,000 namespaces is one, the broken first, Pods added up", () => {
  const folded = foldAccess(map.access);
  expect(folded.map(({ namespaces, pods, isBroken }) => [namespaces.length, pods, isBroken])).toEqual([
    [1, 0, true],
    [1000, 10, false],
  ]);
  expect(folded[1]?.namespaces).toEqual(names);
});

test("findings of 1,000 namespaces are few", () => {
  const folded = foldFindings(findingsOf(cluster, map, new Date(0), 0));
  expect(folded.map(({ kind, namespaces, usedBy }) => [kind, namespaces.length, usedBy])).toEqual([
    ["undecodable_secret", 1, ["ServiceAccount default"]],
    ["missing_secret", 991, ["ServiceAccount default"]],
    ["missing_secret", 10, ["ServiceAccount default", "10 Pods of ServiceAccount default"]],
  ]);
});
