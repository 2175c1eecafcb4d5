import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine, type Progress, type SandboxState } from "../../sandbox";
import { writeCliConfig } from "../../sandbox/provider-mirror";
import { openStack, removeStack } from "../../test/e2e/support/terraform";
import { runTimed, type Timed } from "./engine";
import type { HashicorpFigures } from "./figures";
import { dockerConfig, newPassword } from "./objects";

const SECRET = "hashicorp-pull";

/** What one run needs. */
export interface HashicorpRun {
  /** The file of the real provider. */
  readonly binary: string;
  readonly state: SandboxState;
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Measures hashicorp/kubernetes with one block per object, the form that is faster than `for_each`. What it made stays. */
export async function measureHashicorp({ binary, state, namespaces, signal, progress }: HashicorpRun): Promise<HashicorpFigures> {
  // Our provider has no part in it.
  const folder = mkdtempSync(join(tmpdir(), "registry-access-bench-hashicorp-"));
  const { path } = await findEngine();
  const stack = openStack(folder, path, {
    PATH: process.env.PATH,
    HOME: folder,
    TF_CLI_CONFIG_FILE: writeCliConfig({ folder, kubernetesProviderBinary: binary }),
    KUBE_CONFIG_PATH: state.kubeconfig,
    TF_VAR_config: dockerConfig(newPassword()),
  });
  const run = async (label: string, ...args: readonly string[]): Promise<Timed> => {
    const timed = await runTimed(stack, "terraform-provider-kubernetes", signal, ...args, "-no-color", "-input=false");
    progress.note(`hashicorp/kubernetes, ${label}: ${timed.seconds} s, at most ${Math.round(timed.peak / 1e6)} MB`);
    return timed;
  };
  try {
    writeFileSync(join(folder, "main.tf"), blocksOf(namespaces));
    const { code, output } = await stack.run("init", "-no-color", "-input=false");
    if (code !== 0) throw new Error(output);
    const { seconds: apply_s } = await run("apply", "apply", "-auto-approve");
    const { seconds: plan_s } = await run("no-op plan", "plan", "-detailed-exitcode");
    return { apply_s, plan_s };
  } finally {
    removeStack(stack);
  }
}

/** A Secret and the default ServiceAccount of each namespace, each a block of its own. */
function blocksOf(namespaces: readonly string[]): string {
  const blocks = namespaces.map(
    (namespace) => `
resource "kubernetes_secret_v1" "${namespace}" {
  metadata {
    name      = "${SECRET}"
    namespace = "${namespace}"
  }
  type = "kubernetes.io/dockerconfigjson"
  data = { ".dockerconfigjson" = var.config }
}
resource "kubernetes_default_service_account_v1" "${namespace}" {
  metadata { namespace = "${namespace}" }
  image_pull_secret { name = kubernetes_secret_v1.${namespace}.metadata[0].name }
}
`,
  );
  const head = `
terraform {
  required_providers {
    kubernetes = { source = "hashicorp/kubernetes" }
  }
}
provider "kubernetes" {}
variable "config" {
  type      = string
  sensitive = true
}
`;
  return [head, ...blocks].join("");
}
