import type { Project } from "./project";
import type { ClusterChoice } from "./stack-environment";

/** Three things to try while the sandbox is up: its kubeconfig, a drift to make, and the command that shows it. */
export function whatToTry({ folder, environmentFile }: Project, { kubeconfig }: ClusterChoice): string {
  return `
The sandbox stays up until Ctrl-C. In another terminal:
  1. look around        kubectl --kubeconfig ${kubeconfig} get secrets,serviceaccounts,pods --all-namespaces
  2. make a drift       kubectl --kubeconfig ${kubeconfig} delete secret registry-pull --namespace team-b
  3. see it in a plan   cd ${folder} && . ${environmentFile} && npx cdktf diff
`;
}

/** Waits for Ctrl-C. */
export async function untilInterrupted(signal: AbortSignal): Promise<void> {
  const alive = setInterval(() => undefined, 60_000);
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
  clearInterval(alive);
}
