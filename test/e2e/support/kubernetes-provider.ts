import { buildProvider } from "../../../scripts/build-provider";

/** The file of the real hashicorp/kubernetes; undefined where there is none. */
const REAL_PROVIDER: string | undefined = process.env.KUBERNETES_PROVIDER || undefined;

/** Why tests can't have the real hashicorp/kubernetes here; undefined where they can. */
const whyNoRealProvider: string | undefined =
  REAL_PROVIDER === undefined ? "KUBERNETES_PROVIDER names no binary of hashicorp/kubernetes" : undefined;

/** `describe` for tests of the real hashicorp/kubernetes: elsewhere they are skipped, with the reason in their title. */
export function describeWithRealProvider(title: string, tests: () => void): void {
  if (whyNoRealProvider === undefined) describe(title, tests);
  else describe.skip(`${title} (skipped: ${whyNoRealProvider})`, tests);
}

/** The file of hashicorp/kubernetes: the real one, or the stand-in. */
export async function providerFile(which: "real" | "stand-in"): Promise<string> {
  const file = which === "real" ? REAL_PROVIDER : await buildProvider("kubernetes");
  if (file === undefined) throw new Error(which === "real" ? String(whyNoRealProvider) : "the stand-in was not built");
  return file;
}

/** The file of the one that `npm start` would take here, but for one that is downloaded. */
export const chosenProviderFile = (): Promise<string> => providerFile(whyNoRealProvider === undefined ? "real" : "stand-in");
