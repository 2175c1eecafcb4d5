import type { BluemixEmulatorConfig, RegionConfig, SeededTokenConfig } from "./config";
import type { RegistryTokens } from "./registry-tokens";
import type { Store } from "./store";

/** Takes over the configuration's registry namespaces and tokens, each once only: what was deleted since stays deleted. */
export function seed(config: BluemixEmulatorConfig, store: Store, tokens: RegistryTokens): void {
  for (const region of config.regions) {
    for (const namespace of region.namespaces) {
      once(store, `namespace ${region.name}/${namespace.name}`, () => {
        store.data.namespaces.push({ region: region.name, ...namespace });
      });
    }
    for (const token of region.tokens ?? []) {
      once(store, `token ${region.name}/${token.id ?? token.description}`, () => seedToken(config, region, token, tokens));
    }
  }
  store.save();
}

function once(store: Store, mark: string, take: () => void): void {
  if (store.data.seeded.includes(mark)) return;
  take();
  store.data.seeded.push(mark);
}

function seedToken(config: BluemixEmulatorConfig, region: RegionConfig, wanted: SeededTokenConfig, tokens: RegistryTokens): void {
  const { id, description, account, permanent = true, write = false } = wanted;
  const owner = wanted.owner ?? config.users.find((user) => user.accounts.includes(account))?.username ?? "unknown";
  tokens.issue(region, { id, description, account, owner, permanent, write });
}
