import { findEngine, type Progress, SandboxError, whyNoNode } from "../../sandbox";
import { ensureBinaries } from "../../sandbox/binaries/ensure";
import { CLUSTER_MODULE } from "../../sandbox/binaries/modules";
import { sandboxFolder } from "../../sandbox/folders";
import { ensureNodePrograms } from "../../sandbox/node/programs";
import { createProgress } from "../../sandbox/progress/reporter";
import { buildProvider } from "../../scripts/build-provider";
import { NO_NODE } from "./support/node";

/**
 * What all end-to-end tests need, made once before the first: a machine that never did it builds for minutes,
 * longer than a test may take.
 */
async function setUp(): Promise<void> {
  const progress = createProgress(process.stderr);
  const providers = ["registry", "kubernetes", "toy"] as const;
  for (const name of providers) {
    if ((await buildProvider(name)) === undefined) throw new Error(`The provider ${name} has no source to build.`);
  }
  await ensureBinaries(CLUSTER_MODULE, { progress });
  await prepareNode(progress);
  await findEngine({ progress });
}

/** Tests that need a node are skipped where there can't be one, and say why in their titles. */
async function prepareNode(progress: Progress): Promise<void> {
  if (whyNoNode(sandboxFolder("e2e")) !== undefined) return;
  try {
    await ensureNodePrograms({ progress });
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    process.env[NO_NODE] = error.message.replaceAll("\n", " ");
  }
}

export = setUp;
