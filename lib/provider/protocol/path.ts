import type { Path } from "../../domain/problem";
import type { TypeSchema } from "../../schema/attribute";
import type { WirePath, WireStep } from "./messages";
import { type Shape, shapeOfSchema } from "./shape";

/**
 * A path as Terraform reads it; the schema tells an attribute's name from a map's key.
 * It ends where the schema does, and in front of a set: its elements have no index.
 */
export function formatAttributePath(path: Path, schema: TypeSchema): WirePath {
  const steps: WireStep[] = [];
  let shape: Shape | undefined = shapeOfSchema(schema);
  for (const step of path) {
    if (shape?.kind === "object" && typeof step === "string" && shape.attributes[step] !== undefined) {
      steps.push({ attributeName: step });
      shape = shape.attributes[step];
    } else if (shape?.kind === "map" && typeof step === "string") {
      steps.push({ elementKeyString: step });
      shape = shape.element;
    } else if (shape?.kind === "list" && typeof step === "number") {
      steps.push({ elementKeyInt: step });
      shape = shape.element;
    } else break;
  }
  return { steps };
}

/** A wire path as ours. */
export function parseAttributePath(path: WirePath): Path {
  return path.steps.map((step) => {
    if (step.attributeName) return step.attributeName;
    // A map may have the empty text as a key; in a message that was read, what was not sent reads as empty too.
    return Object.hasOwn(step, "elementKeyString") ? (step.elementKeyString ?? "") : (step.elementKeyInt ?? 0);
  });
}
