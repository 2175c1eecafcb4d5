/** `registry_openshift_route`: the host of the image registry's default route, which is switched on where it is off. */
import { openshiftRoute } from "../../../schema/openshift-route";
import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { create } from "./create";
import { destroy } from "./delete";
import { importState } from "./import";
import { read } from "./read";

/** The resource type `registry_openshift_route`. */
export const openshiftRouteResource: ResourceType<ConfiguredProvider> = {
  schema: openshiftRoute,
  async plan(request, { provider }) {
    const claimant = claimantOf(request, "instance");
    if (!provider.claims.claim("the default route of OpenShift's image registry", claimant)) {
      throw DiagnosticError.at(
        undefined,
        "Two resources for one route",
        "Another registry_openshift_route of this configuration is about the same cluster's default route: one of them would switch it off under the other. Use one for both.",
      );
    }
    return { planned: request.proposed, privateData: asClaimant(request.privateData, claimant) };
  },
  create,
  read,
  // Nothing but timeouts can change.
  update: async ({ planned }) => ({ state: planned }),
  delete: destroy,
  importState,
};
