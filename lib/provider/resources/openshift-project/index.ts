/** `registry_openshift_project`: a project, requested as `oc new-project` does; never deletes one that it did not make. */
import { openshiftProject } from "../../../schema/openshift-project";
import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import type { PlanRequest, PlanResult, ResourceType, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { create } from "./create";
import { destroy } from "./delete";
import { importState } from "./import";
import { read } from "./read";
import { update } from "./update";

/** The resource type `registry_openshift_project`. */
export const openshiftProjectResource: ResourceType<ConfiguredProvider> = {
  schema: openshiftProject,
  plan,
  create,
  read,
  update,
  delete: destroy,
  importState,
};

/** @throws DiagnosticError where another resource of this configuration is about the same project */
async function plan(request: PlanRequest, { provider }: TypeContext<ConfiguredProvider>): Promise<PlanResult> {
  const { name } = request.config;
  const claimant = claimantOf(request, "instance");
  if (typeof name === "string" && !provider.claims.claim(`OpenShift project ${name}`, claimant)) {
    throw DiagnosticError.at(
      ["name"],
      "Two resources for one project",
      `Another registry_openshift_project of this configuration is called ${JSON.stringify(name)} too: one of them would delete it under the other. Use one for both.`,
    );
  }
  const id = typeof name === "string" ? { id: name } : {};
  return { planned: { ...request.proposed, ...id }, privateData: asClaimant(request.privateData, claimant) };
}
