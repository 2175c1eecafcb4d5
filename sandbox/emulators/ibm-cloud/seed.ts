import { randomUUID } from "node:crypto";
import type { EmulatorClock } from "../tokens/clock";
import type { IbmCloudEmulatorConfig } from "./config";
import type { Store } from "./store";

/** Takes over the configuration's API keys and registry namespaces, each once only: what was deleted since stays deleted. */
export function seed(config: IbmCloudEmulatorConfig, store: Store, clock: EmulatorClock): void {
  const now = clock.now();
  const once = (mark: string, take: () => void): void => {
    if (store.data.seeded.includes(mark)) return;
    take();
    store.data.seeded.push(mark);
  };
  for (const { iamId, account, email, apiKey } of config.users) {
    once(`key ${iamId}`, () => {
      store.data.apiKeys.push({
        id: `ApiKey-${randomUUID()}`,
        value: apiKey,
        name: `${email}'s`,
        description: undefined,
        iamId,
        account,
        createdBy: iamId,
        createdAt: now,
        modifiedAt: now,
        storeValue: false,
        expiresAt: null,
        locked: false,
        disabled: false,
        revision: 1,
      });
    });
  }
  for (const region of config.regions) {
    for (const { name, account } of region.namespaces) {
      once(`namespace ${region.name}/${name}`, () => {
        const resourceGroup = config.accounts.find(({ id }) => id === account)?.resourceGroups[0] ?? "";
        store.data.namespaces.push({ region: region.name, name, account, resourceGroup, createdAt: now, modifiedAt: now });
      });
    }
  }
  store.save();
}
