import { Secret } from "./secret";

/** Whether two descriptions say the same, whatever the order of their props; secrets are compared by where they come from. */
export function sameSettings(one: object, other: object): boolean {
  return settingsKey(one) === settingsKey(other);
}

/** A text that is the same for the same settings, and holds no secret. */
export function settingsKey(settings: unknown): string {
  if (settings instanceof Secret) return JSON.stringify(settings.key);
  if (Array.isArray(settings)) return `[${settings.map(settingsKey).join(",")}]`;
  if (typeof settings !== "object" || settings === null) return JSON.stringify(settings) ?? "null";
  const entries = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${settingsKey(value)}`);
  return `{${entries.join(",")}}`;
}
