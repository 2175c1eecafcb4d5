import { Option } from "commander";

/** `--kubeconfig`. */
export function kubeconfigOption(): Option {
  return new Option(
    "--kubeconfig <file>",
    "a kubeconfig file; without, the environment says which cluster, as for the provider (KUBE_CONFIG_PATH, KUBE_CTX, KUBE_HOST, KUBE_TOKEN, …)",
  );
}

/** `--context`. */
export function contextOption(): Option {
  return new Option("--context <name>", "a context of the kubeconfig");
}

/** An option that may stand several times. */
export function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
