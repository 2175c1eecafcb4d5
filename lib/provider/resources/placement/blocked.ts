import { ClientError } from "../../../clients/client-error";

/**
 * True where the cluster takes no such write from anybody: a namespace that is being deleted, a quota, a webhook. That the caller may
 * not write says nothing about the target: an API server says so in the same words, whatever authorizes.
 */
export function isBlocked(error: unknown): boolean {
  if (ClientError.is(error, "invalid")) return true;
  return ClientError.is(error, "forbidden") && !/ cannot \w+ resource /.test(error.message);
}
