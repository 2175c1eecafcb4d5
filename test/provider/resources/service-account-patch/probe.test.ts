import type { KubernetesClient, KubernetesObject } from "../../../../lib/clients/kubernetes/client";
import type { Logger } from "../../../../lib/provider/framework/definition";
import { awaitInjection, type Patched } from "../../../../lib/provider/resources/service-account-patch/probe";

const nothing = () => undefined;
const log: Logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The namespaces in which a Pod is made for show after these patches. */
async function shownAfter(patched: readonly Patched[]): Promise<readonly string[]> {
  const shown: string[] = [];
  const client = {
    create: async (_: unknown, pod: KubernetesObject) => {
      shown.push(pod.metadata.namespace ?? "");
      return { ...pod, spec: { imagePullSecrets: [{ name: "pull" }] } };
    },
  } as unknown as KubernetesClient;
  const { signal } = new AbortController();
  expect(await awaitInjection(client, patched, ["pull"], { signal, log })).toBeUndefined();
  return shown;
}

/** 300 patches in the order in which they ended, with revisions in another one: the last to be carried out is that of team-0. */
const patchedBy = (revisionOf: (index: number) => string | undefined): readonly Patched[] =>
  Array.from({ length: 300 }, (_, index) => ({
    target: { namespace: `team-${index}`, account: "default" },
    revision: revisionOf(index),
  }));
const team = (indices: readonly number[]) => indices.map((index) => `team-${index}`);
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

describe("issue 7: of many patches only the last are looked at, since API servers learn of changes in their order", () => {
  it("by their revisions, as numbers", async () => {
    const shown = await shownAfter(patchedBy((index) => String(1100 - index)));
    expect(shown).toEqual(team(numbers(0, 8).reverse()));
  });

  it.each([
    ["is none", (index: number) => (index === 7 ? undefined : String(index))],
    ["is no number", (index: number) => (index === 7 ? "v7" : String(index))],
  ])("as they ended, where a revision %s", async (_, revisionOf) => {
    expect(await shownAfter(patchedBy(revisionOf))).toEqual(team(numbers(236, 64)));
  });
});
