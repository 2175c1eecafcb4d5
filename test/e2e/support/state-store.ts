import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type SandboxState, startSandbox, stopSandbox } from "../../../sandbox";

/** Where the states of a test file's stacks may lie. */
const STATE_BACKENDS = ["local", "kubernetes"] as const;

let store: Promise<SandboxState> | undefined;

/** In the stack's folder, or in a cluster that is there for nothing else, as a team keeps its states. @default - local */
function stateBackend(): (typeof STATE_BACKENDS)[number] {
  const named = process.env.STATE_BACKEND || "local";
  const backend = STATE_BACKENDS.find((one) => one === named);
  if (backend === undefined)
    throw new Error(`STATE_BACKEND is ${JSON.stringify(named)}; there are ${STATE_BACKENDS.join(" and ")}.`);
  return backend;
}

/** Has a stack keep its state where `STATE_BACKEND` says, whatever its configuration. */
export async function useStateBackend(folder: string): Promise<void> {
  if (stateBackend() === "local") return;
  store ??= startSandbox({ name: `state-store-${process.pid}`, endsWithCaller: true }).then(({ state }) => state);
  const { kubeconfig, context } = await store;
  const where = {
    namespace: "default",
    secret_suffix: basename(folder).toLowerCase(),
    config_path: kubeconfig,
    config_context: context,
  };
  writeFileSync(join(folder, "backend_override.tf.json"), JSON.stringify({ terraform: { backend: { kubernetes: where } } }));
}

// For whatever file of tests this is loaded.
if (typeof afterAll === "function") {
  afterAll(async () => {
    const started = await store?.catch(() => undefined);
    store = undefined;
    if (started !== undefined) await stopSandbox(started.name);
  });
}
