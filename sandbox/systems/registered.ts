import { ibmCloud } from "../ibm-cloud/system";
import { openHorizon } from "../open-horizon/system";
import { openshift } from "../openshift/system";
import { UsageError } from "../sandbox-error";
import type { RegistriesState } from "../state";
import type { StartedSystems, SystemName, SystemStates } from "./states";
import type { Proof, Proving, System, SystemRegistryHost } from "./system";

/** Every system, by its name. */
export const SYSTEMS: { readonly [Name in SystemName]: System<SystemStates[Name]> } = {
  "ibm-cloud": ibmCloud,
  "open-horizon": openHorizon,
  openshift,
};

/** The names of all systems. */
export const SYSTEM_NAMES = Object.keys(SYSTEMS) as SystemName[];

/** A system together with its state, so that nobody mixes up whose is whose. */
export interface StartedSystem {
  readonly name: SystemName;
  readonly title: string;
  registryHosts(): readonly SystemRegistryHost[];
  variables(sandbox: RegistriesState): { readonly [name: string]: string };
  describe(): readonly (readonly [label: string, value: string])[];
  /** Whether it has something of its own to prove. */
  readonly proves: boolean;
  prove(proving: Omit<Proving, "endpoints">): Promise<Proof | undefined>;
}

/** The systems that a sandbox has, each with its state. */
export function startedSystems(systems: StartedSystems): StartedSystem[] {
  return SYSTEM_NAMES.flatMap((name) => bind(name, systems[name]));
}

function bind<Name extends SystemName>(name: Name, state: SystemStates[Name] | undefined): StartedSystem[] {
  if (state === undefined) return [];
  const system: System<SystemStates[Name]> = SYSTEMS[name];
  return [
    {
      name,
      title: system.title,
      registryHosts: () => system.registryHosts(state),
      variables: (sandbox) => system.variables(state, sandbox),
      describe: () => system.describe(state),
      proves: system.prove !== undefined,
      prove: async (proving) =>
        await system.prove?.(state, { ...proving, endpoints: registryEndpoints(proving.sandbox.systems) }),
    },
  ];
}

/** Where the registry hosts of all systems are. */
export function registryEndpoints(systems: StartedSystems): Readonly<Record<string, string>> {
  return Object.fromEntries(
    startedSystems(systems).flatMap((system) => system.registryHosts().map(({ host, url }) => [host, url])),
  );
}

/** The systems that an example needs: that of its name, and those that this one builds upon. */
export function systemsOfExample(example: string): SystemName[] {
  return SYSTEM_NAMES.filter((name) => name === example).flatMap((name) => [...(SYSTEMS[name].exampleUses ?? []), name]);
}

/**
 * Reads a comma-separated list of systems.
 *
 * @throws UsageError for a name that is none
 */
export function parseSystems(list: string): SystemName[] {
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names.map((name) => {
    const found = SYSTEM_NAMES.find((known) => known === name);
    if (found === undefined) {
      throw new UsageError(`There is no system ${JSON.stringify(name)}. There are: ${SYSTEM_NAMES.join(", ")}.`);
    }
    return found;
  });
}
