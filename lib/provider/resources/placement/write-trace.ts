import { isPlainlyRefused } from "../../../clients/client-error";

/** Whether a create has anything to take back: where nothing was sent, or all was refused, a rollback would only raise false alarms. */
export interface WriteTrace {
  mayBeLeft: boolean;
}

/** Sends a write, and notes that it may have been carried out: all but one that is plainly refused. */
export async function traced<T>(trace: WriteTrace, write: () => Promise<T>): Promise<T> {
  try {
    const answer = await write();
    trace.mayBeLeft = true;
    return answer;
  } catch (error) {
    if (!isPlainlyRefused(error)) trace.mayBeLeft = true;
    throw error;
  }
}
