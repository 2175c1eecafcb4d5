import { ClientError } from "../../../../lib/clients/client-error";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import { shorten } from "../../../../lib/provider/resources/placement/report";
import { failureOf } from "../../../../lib/provider/resources/pull-secret/failures";
import { failureOf as patchFailureOf } from "../../../../lib/provider/resources/service-account-patch/write";

const namespaces = Array.from({ length: 213 }, (_, index) => `team-${index}`);
const inEach = (...names: readonly string[]) => names.map((name) => `In namespace "${name}": no.`);
const message = (detail: string): Diagnostic => ({ severity: "error", summary: "S", detail });

/** As an API server says it of a quota. */
function refused(namespace: string): ClientError {
  const words = `secrets "pull" is forbidden: exceeded quota: ${namespace === "team-7" ? "small" : "none"}, requested: secrets=1`;
  return new ClientError("forbidden", `POST https://cluster/api/v1/namespaces/${namespace}/secrets: 403 Forbidden: ${words}`);
}

describe("shorten", () => {
  it("tells what is the same but for the namespace once, with the first in full", () => {
    const what = (namespace: string) => `The pull secret "pull" in namespace "${namespace}" could not be written`;
    const all = namespaces.flatMap((namespace) => failureOf(refused(namespace), what(namespace), namespace));
    const [most, seventh, ...rest] = shorten(all);
    expect(most?.detail).toMatch(/^The pull secret "pull" in namespace "team-0" could not be written/);
    expect(most?.detail).toContain("/namespaces/team-0/secrets: 403 Forbidden");
    expect(most?.detail).toMatch(/ The same in 211 other namespaces: team-1, team-2, team-3, team-4, team-5 and 206 more\.$/);
    // Another quota is another kind.
    expect(seventh).toEqual(all[7]);
    expect(rest).toEqual([]);
  });

  it("tells the same of ServiceAccounts once", () => {
    const all = namespaces.flatMap((namespace) =>
      patchFailureOf(new ClientError("server_error", `PUT /api/v1/namespaces/${namespace}/serviceaccounts/default: 500`), {
        namespace,
        account: "default",
      }),
    );
    expect(shorten(all)).toHaveLength(1);
  });

  const table: { [name: string]: [details: readonly string[], told: readonly string[]] } = {
    "what names no namespace stays as it is": [
      ["one", "two"],
      ["one", "two"],
    ],
    "what names no namespace is not folded": [Array(5).fill("one"), Array(5).fill("one")],
    "a word that happens to be a namespace's name is none": [
      ['Namespace "a" is a bad one.', 'Namespace "b" is b bad one.'],
      ['Namespace "a" is a bad one.', 'Namespace "b" is b bad one.'],
    ],
    "up to three are told one by one": [inEach("a", "b", "c"), inEach("a", "b", "c")],
    "four are not": [inEach("a", "b", "c", "d"), ['In namespace "a": no. The same in 3 other namespaces: b, c, d.']],
    "of more than ten kinds the rest is counted": [
      [...namespaces.slice(0, 11).map((name, index) => `Namespace "${name}" ${index}.`), 'Namespace "z" 10.'],
      [
        ...namespaces.slice(0, 10).map((name, index) => `Namespace "${name}" ${index}.`),
        '2 more targets failed; the first of them: Namespace "team-10" 10.',
      ],
    ],
  };
  test.each(Object.entries(table))("%s", (_, [details, told]) => {
    expect(shorten(details.map(message)).map(({ detail }) => detail)).toEqual(told);
  });
});
