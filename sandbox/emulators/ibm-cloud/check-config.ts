import type { IbmCloudEmulatorConfig } from "./config";

/** Checks what would otherwise fail late or silently: references between parts, names that must be unique. Throws an error that lists all faults. */
export function checkConfig({ accounts, users, regions, control }: IbmCloudEmulatorConfig): void {
  const known = accounts.map(({ id }) => id);
  const owners = [
    ...users.map(({ email, account }) => [`users "${email}"`, account] as const),
    ...regions.flatMap(({ name, namespaces }) =>
      namespaces.map((one) => [`regions "${name}" namespace "${one.name}"`, one.account] as const),
    ),
  ];
  const faults = [
    ...duplicates("accounts[].id", known),
    ...duplicates(
      "users[].iamId",
      users.map(({ iamId }) => iamId),
    ),
    ...duplicates(
      "users[].apiKey (value not shown)",
      users.map(({ apiKey }) => apiKey),
    ).map((fault) => fault.replace(/: ".*"/, "")),
    ...duplicates(
      "regions[].name",
      regions.map(({ name }) => name),
    ),
    ...duplicates(
      "regions[].host",
      regions.map(({ host }) => host),
    ),
    ...accounts
      .filter(({ resourceGroups }) => resourceGroups.length === 0)
      .map(({ id }) => `accounts "${id}": no resource group.`),
    ...owners
      .filter(([, account]) => !known.includes(account))
      .map(([what, account]) => `${what}: no account "${account}"; there are: ${known.join(", ")}.`),
    ...(control.secret.length < 16 ? ["control.secret: has to have at least 16 characters."] : []),
  ];
  if (faults.length > 0) throw new Error(`The IBM Cloud emulator's configuration is wrong:\n- ${faults.join("\n- ")}`);
}

function duplicates(where: string, names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) < index).map((name) => `${where}: "${name}" is there twice.`);
}
