import { formatImageReference, type ImageReference } from "../../../domain/image-reference";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import type { Value } from "../../framework/value";
import type { Attempt } from "./credentials";
import { isRefused, notThere, refused } from "./faults";
import { ADDRESS, type FoundImage, lookUpImage } from "./look-up";

/**
 * Looks an image up as each of the attempts, until one is let in; what the last one is told where none is.
 * @throws DiagnosticError where the image is not found
 */
export async function findImage(attempts: readonly Attempt[], context: Context): Promise<FoundImage> {
  for (const [index, attempt] of attempts.entries()) {
    const found = await lookUpAs(attempt, index === attempts.length - 1, context);
    if (found !== undefined) return found;
  }
  throw new Error("no way to pull was tried");
}

/** What is looked up, and where. */
interface Context {
  readonly image: ImageReference;
  /** PEM; null for the system's roots alone. */
  readonly ca: Value | undefined;
  /** Null for what the reference names. */
  readonly platform: Value | undefined;
  readonly provider: ConfiguredProvider;
  readonly signal: AbortSignal;
}

/** Undefined where it is refused, and others are still to be tried. @throws DiagnosticError for all else */
async function lookUpAs(
  attempt: Attempt,
  isLast: boolean,
  { image, ca: given, platform: wanted, provider, signal }: Context,
): Promise<FoundImage | undefined> {
  const ca = typeof given === "string" ? given : undefined;
  const platform = typeof wanted === "string" ? wanted : null;
  const doing = {
    what: `${formatImageReference(image)} could not be looked up`,
    path: ["image"],
    address: ADDRESS,
    unreachable: "A destroy looks it up as well, but with -refresh=false (terraform destroy -refresh=false).",
  };
  return during(doing, async () => {
    const client = provider.registries.open(image.host, { credential: attempt.credential, ca });
    try {
      const found = await lookUpImage(client, image, platform, signal);
      if (found !== undefined) return found;
      throw await notThere({ client, image, attempt }, signal);
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (!isLast) return undefined;
      throw refused(error, { client, image, attempt });
    } finally {
      await client.close();
    }
  });
}
