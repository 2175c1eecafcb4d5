import { type TerraformStack, Token } from "./cdktf";
import { resolveText } from "./resolve-text";
import { Secret } from "./secret";

/** Whether two descriptions say the same in a stack, whatever the order of their props; secrets are compared by where they come from. */
export function sameSettings(one: object, other: object, stack: TerraformStack): boolean {
  return settingsKey(one, stack) === settingsKey(other, stack);
}

/** A text that is the same for the same settings, and holds no secret. */
function settingsKey(settings: unknown, stack: TerraformStack): string {
  if (settings instanceof Secret) return settings.environmentName ?? settingsKey(settings.referenceIn(stack), stack);
  // The same reference is another token each time it is asked for.
  if (Token.isUnresolved(settings)) return resolveText(settings, stack);
  if (Array.isArray(settings)) return `[${settings.map((item) => settingsKey(item, stack)).join(",")}]`;
  if (typeof settings !== "object" || settings === null) return JSON.stringify(settings) ?? "null";
  const entries = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${settingsKey(value, stack)}`);
  return `{${entries.join(",")}}`;
}
