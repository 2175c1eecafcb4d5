/** What a registry answers who asks it for an image that a node did not find. */
export type RegistryAnswer =
  /** It has the repository, and not the tag or digest; which tags it has is a sentence. */
  | { readonly says: "no_such_image"; readonly tags: string }
  | { readonly says: "no_repository" }
  /** It has the image by now, or there: a node may ask a mirror. */
  | { readonly says: "found" };
