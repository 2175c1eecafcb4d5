/** Something the user of the sandbox can act on: printed without a stack trace. Its message holds no secret. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}
