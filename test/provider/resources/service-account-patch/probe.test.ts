import type { KubernetesClient, KubernetesObject } from "../../../../lib/clients/kubernetes/client";
import type { Logger } from "../../../../lib/provider/framework/definition";
import { awaitInjection } from "../../../../lib/provider/resources/service-account-patch/probe";

const nothing = () => undefined;
const log: Logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const targets = Array.from({ length: 300 }, (_, index) => ({ namespace: `team-${index}`, account: "default" }));

test("issue 7: of many patches only those that ended last are looked at, since API servers learn of changes in their order", async () => {
  const shown: (string | undefined)[] = [];
  const client = {
    create: async (_: unknown, pod: KubernetesObject) => {
      shown.push(pod.metadata.namespace);
      return { ...pod, spec: { imagePullSecrets: [{ name: "pull" }] } };
    },
  } as unknown as KubernetesClient;
  const { signal } = new AbortController();
  expect(await awaitInjection(client, targets, ["pull"], { signal, log })).toBeUndefined();
  expect(shown).toEqual(targets.slice(-64).map(({ namespace }) => namespace));
});
