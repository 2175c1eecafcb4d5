import { upCommand } from "./commands";
import { hasCluster, type SandboxState } from "./state";
import type { SandboxStatus } from "./status";
import { startedSystems } from "./systems/registered";

/** What a person reads of a sandbox: where everything is, and what does not run. */
export function formatStatus({ name, status, state, processes }: SandboxStatus): string {
  const rows: [string, string][] =
    state === null
      ? []
      : [
          ...(hasCluster(state) ? describeCluster(state) : []),
          ["private registry", state.registries.private.host],
          ["public registry", state.registries.public.host],
          ...Object.entries(state.bluemix.regions).map(([region, { url }]): [string, string] => [`Bluemix ${region}`, url]),
          ["credentials", state.credentialsFile],
          ...startedSystems(state.systems).flatMap(({ title, describe }) =>
            describe().map(([label, value]): [string, string] => [`${title} ${label}`, value]),
          ),
        ];
  const dead = processes.filter(({ running }) => !running);
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return [
    `Sandbox "${name}" is ${status}.`,
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
    ...dead.map((process) => `  ${process.name} does not run; its log is ${process.log}`),
    ...(status === "broken" ? [`  To bring it up anew, without what is in it: ${upCommand(name)}`] : []),
  ].join("\n");
}

function describeCluster({ kubeconfig, context, apiServer, node }: SandboxState): [string, string][] {
  return [
    ["kubeconfig", kubeconfig],
    ["context", context],
    ["API server", apiServer],
    ["node", node?.name ?? "none: Pods are made, and none runs"],
  ];
}
