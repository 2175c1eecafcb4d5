import { buildProvider } from "../../scripts/build-provider";

/** Builds the toy provider; its path. */
export async function buildToy(): Promise<string> {
  const path = await buildProvider("toy");
  if (path === undefined) throw new Error("the toy provider has no source");
  return path;
}
