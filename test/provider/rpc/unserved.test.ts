/** RPCs of engines that know more than this provider serves: "unimplemented", which they take for "has none of that". */
import { status } from "@grpc/grpc-js";
import type { MessageCodec } from "../../../lib/provider/protocol/descriptor";
import { buildToy } from "../build-toy";
import { connect, type Handshaken, handshake } from "../client";

/** Nothing in, nothing out. */
const EMPTY: MessageCodec = { encode: () => Buffer.alloc(0), decode: () => ({}) };

/** By the version of the protocol that has them first, and the Terraform that came with it. */
const UNSERVED = {
  "6.5, Terraform 1.8: functions and moves between types": ["CallFunction", "MoveResourceState"],
  // Terraform 1.12 and later call the first whenever they ask for schemas.
  "6.9, Terraform 1.12: identities": ["GetResourceIdentitySchemas", "UpgradeResourceIdentity"],
  "6.10, Terraform 1.13: lists": ["ValidateListResourceConfig", "ListResource"],
  "6.11, Terraform 1.14: actions, generated configuration, state stores": [
    "ValidateActionConfig",
    "PlanAction",
    "InvokeAction",
    "GenerateResourceConfig",
    "ValidateStateStoreConfig",
    "ConfigureStateStore",
    "GetStates",
    "ReadStateBytes",
    "WriteStateBytes",
    "LockState",
    "UnlockState",
    "DeleteState",
  ],
  "none that there is": ["SomethingOfTheFuture"],
};

let provider: Handshaken;
beforeAll(async () => {
  provider = await handshake(await buildToy());
}, 60_000);
afterAll(() => provider?.process.kill("SIGKILL"));

it.each(Object.entries(UNSERVED))("%s: unimplemented, and the next call is answered", async (_, rpcs) => {
  const client = connect(provider);
  const codes = rpcs.map(async (rpc) => {
    const call = client.unary(`/tfplugin6.Provider/${rpc}`, EMPTY, EMPTY, {});
    return [rpc, await call.then(() => "answered").catch((error: { readonly code: number }) => error.code)];
  });
  expect(await Promise.all(codes)).toEqual(rpcs.map((rpc) => [rpc, status.UNIMPLEMENTED]));
  expect(await client.call("GetMetadata", {})).toMatchObject({ diagnostics: [] });
  client.close();
});
