import { checkPatchImportId, checkPullSecretImportId, parsePlacedImportId } from "../../lib/domain/import-id";

describe("an import id of many places", () => {
  it.each([
    ["shop/production/pull@team-a,team-b", { owner: "shop/production", name: "pull", places: ["team-a", "team-b"] }],
    ["o/pull@a,a", { owner: "o", name: "pull", places: ["a"] }],
    ["o/pull@a/default,b/ci", { owner: "o", name: "pull", places: ["a/default", "b/ci"] }],
    ["pull@a", undefined],
    ["o/pull", undefined],
    ["o/pull@", undefined],
    ["/pull@a", undefined],
    ["o/@a", undefined],
    ["o/pull@a b", undefined],
  ])("%j", (id, expected) => {
    expect(parsePlacedImportId(id)).toEqual(expected);
  });

  it.each([
    [checkPullSecretImportId, "o/pull@team-a", undefined],
    [checkPullSecretImportId, "o/pull@team-a,", '"" is not a valid namespace name'],
    [checkPullSecretImportId, "o/Pull@team-a", '"Pull" is not a valid object name'],
    [checkPullSecretImportId, "o/pull@team-a/default", '"team-a/default" is not a valid namespace name'],
    [checkPatchImportId, "o/pull@team-a/default", undefined],
    [checkPatchImportId, "o/pull@team-a", '"team-a" is not "<namespace>/<service account>"'],
    [checkPatchImportId, "o/pull@team-a/b/c", '"team-a/b/c" is not "<namespace>/<service account>"'],
    [checkPatchImportId, "o/pull@team-a/", '"" is not a valid object name'],
  ])("%p %j", (check, id, expected) => {
    expect(check(id, [])?.detail).toEqual(expected === undefined ? undefined : expect.stringContaining(expected));
  });
});
