import { join } from "node:path";
import type { CatalogueEntry } from "../images/catalogue";
import { pushImage } from "../images/push";
import type { RegistriesState } from "../state";
import { trustTokenServer } from "./login";
import { pushToken } from "./start";

/**
 * Pushes an image to a registry of a sandbox that is up.
 *
 * @throws SandboxError where the registry refuses it
 */
export async function pushTo(
  state: RegistriesState,
  registry: keyof RegistriesState["registries"],
  image: CatalogueEntry,
  signal?: AbortSignal,
): Promise<void> {
  const { url } = state.registries[registry];
  if (registry === "public") return await pushImage({ url, signal }, image);
  const certificates = join(state.folder, "certificates");
  const signing = { keyFile: join(certificates, "token-signing.key"), certificateFile: join(certificates, "token-signing.crt") };
  const authentication = trustTokenServer(Number(new URL(state.bluemix.realm).port), signing);
  const authorize = (repository: string): string => `Bearer ${pushToken({ authentication, signing }, repository)}`;
  await pushImage({ url, signal, authorize }, image);
}
