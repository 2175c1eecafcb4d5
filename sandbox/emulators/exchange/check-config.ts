import type { ExchangeEmulatorConfig } from "./config";

/** Checks what would otherwise fail late or silently. Throws an error that lists all faults. */
export function checkConfig(config: ExchangeEmulatorConfig): void {
  const organizations = config.organizations.map(({ name }) => name);
  const ids = [
    ...config.users.map(({ organization, name }) => `${organization}/${name}`),
    ...(config.nodes ?? []).map(({ organization, id }) => `${organization}/${id}`),
  ];
  const members = [...config.users, ...(config.nodes ?? [])];
  const unknown = members.filter(({ organization }) => !organizations.includes(organization));
  const faults = [
    ...duplicates("organizations[].name", organizations),
    ...duplicates("users[] and nodes[]", ids),
    ...unknown.map(
      ({ organization }) =>
        `users[] and nodes[]: there is no organization "${organization}"; there are: ${organizations.join(", ")}.`,
    ),
    ...(config.control.secret.length < 16 ? ["control.secret: has to have at least 16 characters."] : []),
  ];
  if (faults.length > 0) throw new Error(`The exchange emulator's configuration is wrong:\n- ${faults.join("\n- ")}`);
}

function duplicates(where: string, names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) < index).map((name) => `${where}: "${name}" is there twice.`);
}
