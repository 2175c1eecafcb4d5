/** A cdktf program for the benchmark: `synth-program.ts FOLDER N` names N namespaces; 0 leaves the stack empty. */
import { App, TerraformStack } from "cdktf";
import { Cluster, Namespaces, PrivateRegistry, RegistryAccess, Secret } from "../../lib";
import { fleetNames, HOST, USER } from "./objects";

const [outdir = "", count = "0"] = process.argv.slice(2);
const app = new App({ outdir });
const stack = new TerraformStack(app, "fleet");
const namespaces = fleetNames(Number(count));
if (namespaces.length > 0) {
  new RegistryAccess(stack, "access", {
    cluster: Cluster.fromKubeconfig(),
    registries: [new PrivateRegistry(HOST, { username: USER, password: Secret.env("REGISTRY_FLEET_PASSWORD") })],
    namespaces: Namespaces.named(...namespaces),
  });
}
app.synth();
