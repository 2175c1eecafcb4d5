import { findEngine, whyNoNode } from "../../sandbox";
import { ensureBinaries } from "../../sandbox/binaries/ensure";
import { CLUSTER_MODULE } from "../../sandbox/binaries/modules";
import { sandboxFolder } from "../../sandbox/folders";
import { ensureNodePrograms } from "../../sandbox/node/programs";
import { createProgress } from "../../sandbox/progress/reporter";
import { buildProvider } from "../../scripts/build-provider";

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
  // Tests that need a node are skipped where there can't be one.
  if (whyNoNode(sandboxFolder("e2e")) === undefined) await ensureNodePrograms({ progress });
  await findEngine({ progress });
}

export = setUp;
