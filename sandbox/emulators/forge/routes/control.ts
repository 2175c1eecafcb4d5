import { ok, type Route } from "../../http";
import type { ForgeContext } from "../context";
import { addComment, type MergeRecord, type NewComment } from "../store";

/** What people write and merge, behind the token's back. */
export function forgeControlRoutes({ store }: ForgeContext): Route[] {
  return [
    { method: "GET", path: "/comments", handle: () => ok(store.data.comments) },
    { method: "POST", path: "/comments", handle: ({ body }) => ok(addComment(store, JSON.parse(body) as NewComment)) },
    {
      method: "POST",
      path: "/merges",
      handle({ body }) {
        store.data.merges.push(JSON.parse(body) as MergeRecord);
        store.save();
        return ok({});
      },
    },
    {
      method: "DELETE",
      path: "/comments",
      handle() {
        store.data.comments = [];
        store.save();
        return ok({});
      },
    },
  ];
}
