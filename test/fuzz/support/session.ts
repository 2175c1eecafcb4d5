import type { Session } from "../../../lib/provider/framework/call";
import type { WireDiagnostic, WireDynamicValue } from "../../../lib/provider/protocol/messages";
import { tfplugin6 } from "../../../lib/provider/protocol/tfplugin6";
import { createProviderService } from "../../../lib/provider/rpc/service";
import { SECRET } from "./configurations";
import { ensure } from "./texts";

/** Longer than anything takes that asks nobody. */
const HANG_UP_MS = 15;
const BUG = /^Bug in/;

/** What any RPC answers. */
export interface Answer {
  readonly diagnostics?: readonly WireDiagnostic[];
  readonly plannedState?: WireDynamicValue | null;
  readonly plannedPrivate?: Uint8Array;
  readonly requiresReplace?: readonly object[];
  readonly newState?: WireDynamicValue | null;
  readonly private?: Uint8Array;
  readonly importedResources?: readonly { readonly state?: WireDynamicValue | null; readonly private?: Uint8Array }[];
  /** Of a data source. */
  readonly state?: WireDynamicValue | null;
  /** Of an ephemeral resource. */
  readonly result?: WireDynamicValue | null;
}

/** A request as gRPC gets it. */
export function encodeRequest(rpc: string, request: object): Buffer {
  return tfplugin6(`${rpc}.Request`).encode(request);
}

/**
 * Sends a message as gRPC does, by its bytes. A request that can't be read is a status; else there is an answer.
 * @default hangUpAfter - the caller hangs up where the answer takes longer than nobody's
 */
export async function send(
  session: Session<unknown>,
  rpc: string,
  bytes: Buffer,
  hangUpAfter: number = HANG_UP_MS,
): Promise<Answer | "status"> {
  const service = createProviderService(session);
  const method = service.definition[rpc];
  if (method === undefined) throw new Error(`no RPC ${rpc}`);
  let request: object;
  try {
    request = method.requestDeserialize(bytes) as object;
  } catch {
    return "status";
  }
  return new Promise<Answer>((resolve, reject) => {
    let hangUp = () => {};
    const timer = setTimeout(() => hangUp(), hangUpAfter);
    const call = {
      request,
      on: (_: string, listener: () => void) => {
        hangUp = listener;
      },
    };
    const handler = service.implementation[rpc] as unknown as (
      call: object,
      callback: (error: unknown, answer: object) => void,
    ) => void;
    handler(call, (error, answer) => {
      clearTimeout(timer);
      if (error !== null) reject(error);
      else resolve(tfplugin6(`${rpc}.Response`).decode(method.responseSerialize(answer) as Buffer) as Answer);
    });
  });
}

/** What the framework says of a plan that its type never made, once it is applied. */
const NOT_OUR_PLAN = /left values unknown after the apply/;

/** What has to be so of every answer. @default isOurPlan - what is applied is what was planned */
export function inspect(rpc: string, answer: Answer | "status", isOurPlan = true): void {
  if (answer === "status") return;
  for (const { severity, summary, detail } of answer.diagnostics ?? []) {
    ensure(severity === 1 || severity === 2, `${rpc}: severity ${severity}`);
    ensure(summary !== "" && detail.length > 20, `${rpc}: says nothing: ${summary}`);
    ensure(!summary.includes(SECRET) && !detail.includes(SECRET), `${rpc}: shows a secret: ${detail}`);
    ensure(!BUG.test(summary) || (!isOurPlan && NOT_OUR_PLAN.test(detail)), `${rpc}: ${summary}: ${detail}`);
  }
}

/** Whether it says an error. */
export function hasFailed({ diagnostics = [] }: Answer): boolean {
  return diagnostics.some(({ severity }) => severity === 1);
}
