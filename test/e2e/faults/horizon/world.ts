import type { StoredData } from "../../../../sandbox/emulators/exchange/store";
import { faultOfSignature } from "../../../../sandbox/open-horizon/agent/verify-signature";
import { PASSWORD } from "../bare/references";
import type { StateFile } from "../engine";
import { isApplied, isDestroying, type Moment } from "../scene";
import { IMAGE, REGISTRY } from "./configuration";

/** What is wrong in the exchange and the state; nothing, where all holds that has to hold at any moment. */
export function faultsOfExchange(
  { services, patterns, dockAuths, keys }: StoredData,
  id: string,
  state: StateFile,
  { output, settled }: Moment,
): readonly string[] {
  const inState = (type: string) =>
    state.resources.filter((each) => each.type === `registry_horizon_${type}`).flatMap((each) => each.instances)[0]?.attributes;
  const pattern = id.replace(/_.*$/, "");
  const auths = dockAuths.filter(({ service, registry }) => service === id && registry === REGISTRY);
  const found = { service: services[id], registry_auth: auths[0], pattern: patterns[pattern] };
  const faults: string[] = [];

  if (auths.length > 1) faults.push(`${auths.length} credentials for one registry`);
  for (const [type, there] of Object.entries(found)) {
    const attributes = inState(type);
    const said = String(attributes?.status ?? "");
    const isSaid = said === "published" || said === "in_sync";
    if (settled === "made" && there === undefined) faults.push(`no ${type} in the exchange`);
    if (settled === "gone" && there !== undefined) faults.push(`a ${type} is left`);
    if (attributes === undefined && there !== undefined && settled === "between" && !saysLeft(output))
      faults.push(`a ${type} in no state, and no word of it`);
    if (isSaid && there === undefined && settled === "between" && isApplied(output) && !isDestroying(output))
      faults.push(`no ${type}, and the state says ${said}`);
  }
  if (settled !== "made") return faults;
  const { service, registry_auth: auth } = found;
  const own = keys.filter((key) => key.owner === id);
  if (
    !own.some(({ text }) => faultOfSignature(service?.deployment ?? "", service?.deploymentSignature ?? "", text) === undefined)
  )
    faults.push("no node would take the service");
  if (!service?.deployment.includes(IMAGE)) faults.push("the service has another image");
  if (auth?.token !== PASSWORD) faults.push("the credential has another token");
  return faults;
}

/** Whether the run itself says that it left something, and how to go on. */
function saysLeft(output: string): boolean {
  return /may be (left|published|stored|there)|could not be undone|Not everything could be undone/.test(output);
}
