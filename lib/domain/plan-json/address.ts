import type { PlanChange } from "./read-plan";

const OURS = /(^|\/)registry-access\/registry$/;

/** Whether the provider `registry` serves it, from whatever registry of providers. */
export function isOurs({ provider }: Pick<PlanChange, "provider">): boolean {
  return OURS.test(provider);
}

/** `module.a["secret"].b.c[0]` → `module.a[…].b.c[0]`: keys of instances are anybody's texts. */
export function withoutKeys(address: string): string {
  return address.replace(/\["(?:[^"\\]|\\.)*"\]/g, "[\u2026]");
}
