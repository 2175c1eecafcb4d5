import { createControlClient, type EmulatorControl } from "../http";
import type { CommentRecord, MergeRecord, NewComment } from "./store";

/** The emulator's control port, for tests. Every call throws where the emulator refuses. */
export interface ForgeControl extends EmulatorControl {
  /** All comments of both forges, oldest first. */
  comments(): Promise<readonly CommentRecord[]>;
  /** Comments as somebody else. */
  write(comment: NewComment): Promise<CommentRecord>;
  clearComments(): Promise<void>;
  /** Says that a pull request was merged. */
  merge(merge: MergeRecord): Promise<void>;
}

/** Creates a client for the control port of a running emulator. */
export function createForgeControl(url: string, secret: string): ForgeControl {
  const { call, act, ...common } = createControlClient(url, secret);
  return {
    ...common,
    comments: async () => (await call("GET", "/comments")) as CommentRecord[],
    write: async (comment) => (await call("POST", "/comments", comment)) as CommentRecord,
    merge: (merge) => act("POST", "/merges", merge),
    clearComments: () => act("DELETE", "/comments"),
  };
}
