import { ClientError } from "../../../clients/client-error";
import { ibmcloudNamespace } from "../../../schema/ibmcloud-namespace";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { listed } from "../placement/report";
import { find } from "./create";
import { asState, type NamespaceState, registryOf } from "./model";

/** Deletes it, unless it holds images that nobody said may go with it. */
export async function destroy(
  prior: ObjectValue,
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const state = asState(prior);
  const { name } = state;
  await within(ibmcloudNamespace, prior, "delete", caller, async (signal) => {
    const registry = await registryOf(state, provider);
    if ((await find(registry, name, signal)) === undefined) return report(notListed(state, registry.endpoint));
    if (state.force_destroy !== true) {
      const what = `The images of registry namespace ${JSON.stringify(name)} could not be listed`;
      const images = await during({ what, path: ["name"] }, () => registry.listImages(name, signal));
      if (images.length > 0) throw notEmpty(name, [...new Set(images.flatMap(({ id, tags }) => tags[0] ?? id))]);
    }
    const what = `The registry namespace ${JSON.stringify(name)} could not be deleted`;
    await during({ what, path: ["name"] }, async () => {
      if (await registry.deleteNamespace(name, signal)) return;
      if ((await registry.listNamespaces(signal)).some((each) => each.name === name)) throw stillListed(registry.endpoint, name);
    });
  });
}

/** The warning for a registry namespace that the list does not show: the list leaves out what the login may not see. */
export function notListed({ name, issuer }: Pick<NamespaceState, "name" | "issuer">, endpoint: string): Diagnostic {
  return {
    severity: "warning",
    summary: "Registry namespace is not listed",
    detail:
      `The registry at ${endpoint} does not list the registry namespace ${JSON.stringify(name)} to the login of issuer ${JSON.stringify(issuer)}, so it is taken for deleted. ` +
      "If nobody deleted it, the login may not see it any more: give its user or service ID the Reader role on it, and import it again (terraform import); until then it stays with its images, and nothing manages it.",
    path: ["name"],
  };
}

function stillListed(endpoint: string, name: string): ClientError {
  const message = `DELETE ${endpoint}/api/v1/namespaces/${name}: the registry says that it has no such registry namespace (404), and goes on listing it. Try again later, or delete it there.`;
  return new ClientError("malformed", message, { status: 404 });
}

function notEmpty(name: string, images: readonly string[]): DiagnosticError {
  return DiagnosticError.at(
    ["force_destroy"],
    "Registry namespace is not empty",
    `The registry namespace ${JSON.stringify(name)} holds ${images.length} ${images.length === 1 ? "image" : "images"} (${listed(images)}), and they would be lost with it. Nothing was deleted. ` +
      "Remove them, or set force_destroy = true and apply that before the destroy.",
  );
}
