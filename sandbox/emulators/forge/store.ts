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

/** Everything that outlives a restart. */
export interface StoredData {
  readonly version: 1;
  lastId: number;
  comments: CommentRecord[];
}

/** The emulator's data, in memory and in its file. */
export type Store = DataFile<StoredData>;

/** Opens the data file, or begins a new one. Throws on a file of another version. */
export function openStore(file: string): Store {
  return openDataFile<StoredData>(file, () => ({ version: 1, lastId: 1000, comments: [] }));
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
