import type { PrivateData } from "../../framework/definition";
import type { Metadata } from "./model";

/** Remembers in the private data which keys still have to go, while an update has not reached every Secret: keys hold no spaces. */
export function formatDropped({ labels, annotations }: Metadata["dropped"]): NonNullable<PrivateData> {
  return { dropped_labels: labels.join(" "), dropped_annotations: annotations.join(" ") };
}

/** What {@link formatDropped} gave; other private data remembers nothing. */
export function parseDropped(data: PrivateData): Metadata["dropped"] {
  const keys = (text: unknown) => (typeof text === "string" && text !== "" ? text.split(" ") : []);
  return { labels: keys(data?.dropped_labels), annotations: keys(data?.dropped_annotations) };
}

/** Remembers, from plan to apply, where a review was told that a Secret is taken over. */
export function formatAdopted(namespaces: readonly string[]): NonNullable<PrivateData> {
  return { adopted: namespaces.join(" ") };
}

/** What {@link formatAdopted} gave. */
export function parseAdopted(data: PrivateData): readonly string[] {
  return typeof data?.adopted === "string" ? data.adopted.split(" ") : [];
}

/** Remembers where a write was refused although a Secret of ours is there: a namespace that may not be looked into either is not empty then. */
export function formatServed(namespaces: readonly string[]): NonNullable<PrivateData> {
  return namespaces.length === 0 ? { served: null } : { served: [...namespaces].sort().join(" ") };
}

/** What {@link formatServed} gave. */
export function parseServed(data: PrivateData): ReadonlySet<string> {
  return new Set(typeof data?.served === "string" ? data.served.split(" ") : []);
}
