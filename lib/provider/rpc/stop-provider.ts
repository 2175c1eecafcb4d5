import { defineRpc } from "./rpc";

/** Ctrl-C: cancels the calls under way. */
export const stopProvider = defineRpc("StopProvider", async (session) => {
  session.log.info("stopping: calls under way are cancelled");
  void session.stop();
  return { error: "" };
});
