/** The forges that reviews are posted to: comments of one pull request of GitHub, notes of one merge request of GitLab. */

/** A comment. */
export interface ForgeComment {
  readonly id: number;
  readonly body: string;
  /** Who wrote it, as {@link ForgeComments.whoAmI} says it. */
  readonly author: string;
  /** For people. @default - the forge doesn't say */
  readonly url?: string;
}

/** The comments of one pull request or merge request. Every call may throw a ClientError, whose message says what commonly helps. */
export interface ForgeComments {
  /** `pull request #7 of acme/infra`. */
  readonly what: string;
  /** The most characters (Unicode code points) that a comment may have. */
  readonly limit: number;
  /** Who the token belongs to. */
  whoAmI(signal: AbortSignal): Promise<string>;
  /** All that fit, oldest first, from all pages. */
  find(fits: (comment: ForgeComment) => boolean, signal: AbortSignal): Promise<ForgeComment[]>;
  /** Sent once: where its answer is lost, the error is `ambiguous`. */
  create(body: string, signal: AbortSignal): Promise<ForgeComment>;
  /** Undefined where it is gone. */
  update(id: number, body: string, signal: AbortSignal): Promise<ForgeComment | undefined>;
  /** False where it was gone already. */
  delete(id: number, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
