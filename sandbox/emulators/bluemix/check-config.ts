import type { BluemixEmulatorConfig } from "./config";

/** Checks what would otherwise fail late or silently: references between parts, names that must be unique. Throws an error that lists all faults. */
export function checkConfig(config: BluemixEmulatorConfig): void {
  const faults = [
    ...duplicates(
      "regions[].name",
      config.regions.map((region) => region.name),
    ),
    ...duplicates(
      "users[].username",
      config.users.map((user) => user.username),
    ),
    ...duplicates(
      "tokenServer.services[].name",
      config.tokenServer.services.map((service) => service.name),
    ),
    ...unknownRegions(config),
    ...seedsWithoutOwner(config),
    ...(config.control.secret.length < 16 ? ["control.secret: has to have at least 16 characters."] : []),
  ];
  if (faults.length > 0) throw new Error(`The Bluemix emulator's configuration is wrong:\n- ${faults.join("\n- ")}`);
}

function duplicates(where: string, names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) < index).map((name) => `${where}: "${name}" is there twice.`);
}

function unknownRegions(config: BluemixEmulatorConfig): string[] {
  const known = config.regions.map((region) => region.name);
  return config.tokenServer.services.flatMap((service) =>
    (service.regions ?? [])
      .filter((name) => !known.includes(name))
      .map((name) => `tokenServer.services "${service.name}": no region "${name}"; there are: ${known.join(", ")}.`),
  );
}

function seedsWithoutOwner(config: BluemixEmulatorConfig): string[] {
  return config.regions.flatMap((region) =>
    (region.tokens ?? [])
      .filter((seed) => seed.owner === undefined && !config.users.some((user) => user.accounts.includes(seed.account)))
      .map(
        (seed) =>
          `regions "${region.name}" token "${seed.description}": account "${seed.account}" has no user; give it an owner.`,
      ),
  );
}
