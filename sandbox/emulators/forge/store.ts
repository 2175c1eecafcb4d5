import { type DataFile, openDataFile } from "../http";

/** A comment of either forge. */
export interface CommentRecord {
  readonly id: number;
  readonly forge: "github" | "gitlab";
  /** The project's path. */
  readonly project: string;
  readonly number: number;
  readonly author: string;
  body: string;
  /** What GitLab itself notes down. */
  readonly system: boolean;
  readonly createdAt: string;
  updatedAt: string;
}

/** A pull request or merge request that was merged, and what its pipelines left. */
export interface MergeRecord {
  /** The project's path. */
  readonly project: string;
  readonly number: number;
  /** The newest commit of its branch. */
  readonly head: string;
  /** What stands in the main branch since. */
  readonly merged: string;
  readonly isFork: boolean;
  readonly artifacts: readonly ArtifactRecord[];
}

/** What a job of a pipeline left. */
export interface ArtifactRecord {
  readonly id: number;
  /** GitHub's run, GitLab's pipeline. */
  readonly run: number;
  /** GitHub's artifact, GitLab's job. */
  readonly name: string;
  /** The commit that the pipeline ran for. */
  readonly head: string;
  /** Made by a workflow of a fork. */
  readonly isFork: boolean;
  readonly isExpired: boolean;
  /** The zip, on this machine. @default - it can't be fetched */
  readonly file?: string;
}

/** Everything that outlives a restart. */
export interface StoredData {
  readonly version: 1;
  lastId: number;
  comments: CommentRecord[];
  merges: MergeRecord[];
}

/** The emulator's data, in memory and in its file. */
export type Store = DataFile<StoredData>;

/** Opens the data file, or begins a new one. Throws on a file of another version. */
export function openStore(file: string): Store {
  return openDataFile<StoredData>(file, () => ({ version: 1, lastId: 1000, comments: [], merges: [] }));
}

/** A comment as somebody writes it. */
export type NewComment = Pick<CommentRecord, "forge" | "project" | "number" | "author" | "body"> & { readonly system?: boolean };

/** Adds a comment, with the next id. */
export function addComment(store: Store, comment: NewComment): CommentRecord {
  const now = new Date().toISOString();
  store.data.lastId += 1;
  const added = { system: false, ...comment, id: store.data.lastId, createdAt: now, updatedAt: now };
  store.data.comments.push(added);
  store.save();
  return added;
}

/** Takes a comment away. */
export function removeComment(store: Store, { id }: CommentRecord): void {
  store.data.comments = store.data.comments.filter((comment) => comment.id !== id);
  store.save();
}
