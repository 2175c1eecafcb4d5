import fc from "fast-check";
import { equal } from "../../../lib/provider/framework/equal";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { decodeState, encodeObject } from "../../../lib/provider/protocol/dynamic-value";
import { dataRegistryToken, ephemeralRegistryToken, pullSecret, registryToken, serviceAccountPatch } from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { validConfig } from "../support/configurations";
import { begin, change, heldAfter, outcomes, reach, snapshot, stateOf } from "../support/life";
import { type FuzzProperty, type FuzzSuite, property } from "../support/property";
import { hasFailed } from "../support/session";
import { ensure, same } from "../support/texts";
import { type Before, before } from "../support/world";
import { copies } from "./lifecycle-copies";
import { importsOfPatch, importsOfPullSecret } from "./lifecycle-imports";
import { lookups } from "./lifecycle-lookups";

/**
 * How often each RPC has to go well for each type in a full run: about a third of what it does.
 * Fewer, and what is behind it is not tried any more.
 */
const FLOORS = {
  "ApplyResourceChange resource registry_token went well": 250,
  "ApplyResourceChange resource registry_pull_secret went well": 30,
  "ApplyResourceChange resource registry_service_account_patch went well": 400,
  "PlanResourceChange resource registry_token went well": 500,
  "PlanResourceChange resource registry_pull_secret went well": 60,
  "PlanResourceChange resource registry_service_account_patch went well": 600,
  "ReadResource resource registry_token went well": 240,
  "ReadResource resource registry_pull_secret went well": 30,
  "ReadResource resource registry_service_account_patch went well": 300,
  "ImportResourceState resource registry_pull_secret went well": 16,
  "ImportResourceState resource registry_service_account_patch went well": 60,
  "ReadDataSource data source registry_token went well": 36,
  "OpenEphemeralResource ephemeral resource registry_token went well": 28,
};

async function live(schema: TypeSchema, former: Before, first: ObjectValue, second: ObjectValue): Promise<void> {
  const life = begin(schema, former);
  for (const config of [first, second]) {
    const validated = await life.call("ValidateResourceConfig", {
      config: encodeObject(config, schema),
      clientCapabilities: { writeOnlyAttributesAllowed: true },
    });
    ensure(!hasFailed(validated), "the configuration is valid");
  }

  const untouched = snapshot(life.world);
  const created = await change(life, undefined, first);
  if (created === undefined || hasFailed(created)) {
    const left = created === undefined ? null : stateOf(heldAfter(created), schema);
    if (left === null) same(snapshot(life.world), untouched, "a create that failed leaves nothing");
    return;
  }

  let held = heldAfter(created);
  const refresh = async () => {
    await life.restart();
    const read = await life.call("ReadResource", { currentState: held.state, private: held.private });
    if (!hasFailed(read)) held = heldAfter(read);
    return !hasFailed(read);
  };
  const fresh = stateOf(held, schema);
  ensure(await refresh(), "what was created can be read");
  ensure(
    equal(stateOf(held, schema), fresh),
    `read as ${fc.stringify(stateOf(held, schema))}, created as ${fc.stringify(fresh)}`,
  );
  const again = await life.call("PlanResourceChange", {
    priorState: held.state,
    config: encodeObject(first, schema),
    proposedNewState: encodeObject(first, schema),
    priorPrivate: held.private,
  });
  ensure(!hasFailed(again), `planned again: ${fc.stringify(again.diagnostics)}`);
  const unchanged = decodeState(again.plannedState, schema);
  ensure(equal(unchanged, fresh), `planned again as ${fc.stringify(unchanged)}, created as ${fc.stringify(fresh)}`);

  const updated = await change(life, held, second);
  if (updated !== undefined) held = heldAfter(updated);
  await refresh();
  const instance = stateOf(held, schema)?.instance ?? stateOf(held, schema)?.nonce;
  const isKept = stateOf(held, schema)?.revoke_on_destroy === false;
  const destroyed = await change(life, held, null);
  if (destroyed === undefined || hasFailed(destroyed) || isKept) return;
  ensure(stateOf(heldAfter(destroyed), schema) === null, "gone");
  ensure(!snapshot(life.world).some((text) => text.includes(String(instance))), "nothing of ours is left");
}

function lives(cases: number, schema: TypeSchema): FuzzProperty {
  const config = validConfig(schema);
  return property(
    `a ${schema.name} is created, read, updated and destroyed among others'`,
    cases,
    fc.tuple(before, config, config),
    ([former, first, second]) => live(schema, former, first, second),
  );
}

/** Whole lives of resources in a cluster in memory, through every RPC: what comes after validation. */
export const lifecycle: FuzzSuite = {
  name: "lifecycle",
  notes: () => [...reach.lines(), ...outcomes.lines()],
  properties: [
    lives(400, registryToken),
    lives(60, pullSecret),
    lives(500, serviceAccountPatch),
    copies,
    importsOfPullSecret,
    importsOfPatch,
    lookups(200, dataRegistryToken),
    lookups(200, ephemeralRegistryToken),
  ],
  unreached: (share) => outcomes.below(FLOORS, share),
};
