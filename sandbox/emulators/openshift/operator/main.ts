/**
 * OpenShift's operators as a process: `tsx sandbox/emulators/openshift/operator/main.ts CONFIG.json`, with an {@link OperatorConfig}
 * (config.ts says every field). It is ready when the cluster is.
 */
import { runEmulator } from "../../http";
import { startOperator } from "./operator";

runEmulator(startOperator);
