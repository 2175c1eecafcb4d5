import type { Claims } from "../../configured/claims";
import { DiagnosticError } from "../../framework/diagnostic";
import type { Value } from "../../framework/value";
import { listed } from "../placement/report";
import { describeTarget, type Target } from "./model";

/**
 * Claims each pull secret on each ServiceAccount for one patch; names that are not known yet are left out.
 * @throws DiagnosticError that names what another patch of this configuration adds too
 */
export function claimEntries(
  claims: Claims,
  targets: readonly Target[],
  pullSecrets: Value | undefined,
  claimant: string | null,
): void {
  const names = Array.isArray(pullSecrets) ? pullSecrets.filter((name) => typeof name === "string") : [];
  const taken = targets.flatMap(({ namespace, account }) =>
    [...new Set(names)]
      .filter((name) => !claims.claim(`entry ${namespace}/${account}/${name}`, claimant))
      .map((name) => `${JSON.stringify(name)} of ${describeTarget({ namespace, account })}`),
  );
  if (taken.length === 0) return;
  throw DiagnosticError.at(
    ["pull_secrets"],
    "Two patches add the same pull secret",
    `Another registry_service_account_patch of this configuration adds ${listed(taken)}. The two would take it from each other at every apply. Name it in one of them only.`,
  );
}
