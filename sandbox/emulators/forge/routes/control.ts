import { ok, type Route } from "../../http";
import type { ForgeContext } from "../context";
import { addComment, type NewComment } from "../store";

/** What people write, behind the token's back. */
export function forgeControlRoutes({ store }: ForgeContext): Route[] {
  return [
    { method: "GET", path: "/comments", handle: () => ok(store.data.comments) },
    { method: "POST", path: "/comments", handle: ({ body }) => ok(addComment(store, JSON.parse(body) as NewComment)) },
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
