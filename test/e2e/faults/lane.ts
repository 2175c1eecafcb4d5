import { readFile } from "node:fs/promises";
import { issueCertificate } from "../../../sandbox/certificates";
import { type FaultProxy, startFaultProxy, startWitness, type Witness } from "../../../sandbox/fault-proxy";
import type { Cluster } from "../support/cluster";
import { createBareEngine } from "./bare/engine";
import { PASSWORD } from "./bare/references";
import type { Engine, EngineName } from "./engine";
import type { OpenScene, Scene, Variant } from "./scene";
import { type ServedProvider, serveProvider } from "./served-provider";
import { createTerraformEngine } from "./terraform-engine";

/** A scene with a proxy, a provider and a state of its own: lanes run side by side. */
export interface Lane<S extends Scene = Scene> {
  readonly scene: S;
  readonly proxy: FaultProxy<string>;
  readonly witness: Witness;
  readonly provider: ServedProvider;
  readonly engine: Engine;
  /** What no output may hold. */
  readonly secrets: readonly string[];
  /** What {@link write} writes. */
  variant: Variant;
  generation: number;
  /** Gives the engine the configuration as it now is. */
  write(): void;
  stop(): Promise<void>;
}

/** Brings a lane up: nothing is applied yet. */
export async function startLane<S extends Scene>(
  cluster: Cluster,
  openScene: OpenScene<S>,
  name: string,
  engineName: EngineName,
): Promise<Lane<S>> {
  const { state } = cluster;
  const [ca = "", key = ""] = await Promise.all(
    [state.caFile, state.caFile.replace(/\.crt$/, ".key")].map((file) => readFile(file, "utf8")),
  );
  const tls = await issueCertificate({ certificate: ca, key }, { commonName: "faults", hosts: ["127.0.0.1", "localhost"] });
  const [scene, witness] = await Promise.all([openScene(cluster, name), startWitness(tls)]);
  const proxy = await startFaultProxy<string>({ services: scene.services, ca, tls, elsewhere: witness.url });
  const provider = await serveProvider({ ...scene.env, PATH: process.env.PATH });
  const { urls } = proxy;
  const first = scene.configure({ variant: "a", generation: 1, urls });
  const engine =
    engineName === "bare"
      ? createBareEngine(provider.socket, first)
      : await createTerraformEngine(name, { ...provider.env, TF_VAR_password: PASSWORD }, first);

  const lane: Lane<S> = {
    scene,
    proxy,
    witness,
    provider,
    engine,
    secrets: [PASSWORD, tls.key, ...scene.secrets],
    variant: "a",
    generation: 1,
    write: () => engine.write(scene.configure({ variant: lane.variant, generation: lane.generation, urls })),
    async stop() {
      await Promise.all([provider.stop(), proxy.close(), witness.close()]);
      engine.remove();
    },
  };
  return lane;
}
