import fc, { type Arbitrary } from "fast-check";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { fromConfigKey, toConfigKey } from "../../../lib/domain/registry-host";
import { equal } from "../../../lib/provider/framework/equal";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { decodeState, encodeObject } from "../../../lib/provider/protocol/dynamic-value";
import { pullSecret } from "../../../lib/schema";
import { NAMESPACES, NO_LOGIN, PULL_SECRETS, SECRET } from "../support/configurations";
import { dockerConfig } from "../support/foreign";
import { begin, change, type Held, heldAfter, type Life, snapshot, stateOf } from "../support/life";
import { property } from "../support/property";
import { hasFailed } from "../support/session";
import { ensure, record, same } from "../support/texts";
import { NOTHING } from "../support/world";

/** The Secret that is copied. */
const SOURCE = { namespace: NAMESPACES[0], name: "all-icr-io" } as const;
const OWN_HOST = "a.io";

/** How the source is at one moment. */
interface Source {
  readonly type: string;
  readonly key: string;
  readonly content: string;
}

const well = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom("a.io", "us.icr.io", "de.icr.io", "b.io:5000/x", "https://index.docker.io/v1/"), fc.nat(2)),
    {
      selector: ([host]) => host,
      maxLength: 3,
    },
  )
  .map((logins) =>
    JSON.stringify({
      auths: Object.fromEntries(
        logins.map(([host, one]) => [host, { auth: Buffer.from(`iamapikey:${SECRET}${one}`).toString("base64") }]),
      ),
    }),
  );
const source: Arbitrary<Source | undefined> = fc.option(
  record({
    type: fc.oneof(
      { arbitrary: fc.constant("kubernetes.io/dockerconfigjson"), weight: 8 },
      fc.constantFrom("Opaque", "kubernetes.io/dockercfg"),
    ),
    key: fc.oneof({ arbitrary: fc.constant(".dockerconfigjson"), weight: 12 }, fc.constantFrom(".dockercfg", "constructor")),
    content: fc.oneof({ arbitrary: well, weight: 3 }, dockerConfig),
  }),
  { freq: 8, nil: undefined },
);
/** What is copied: all, or some. */
const hosts = fc.option(fc.shuffledSubarray(["us.icr.io", "de.icr.io", "docker.io"], { minLength: 1, maxLength: 2 }), {
  freq: 2,
});
const config = fc
  .tuple(hosts, fc.boolean(), fc.constantFrom(...PULL_SECRETS), fc.shuffledSubarray([...NAMESPACES], { minLength: 1 }))
  .map(([wanted, beside, name, namespaces]): ObjectValue => {
    const copy: ObjectValue = { ...NO_LOGIN, hosts: null, copy_from: { ...SOURCE, hosts: wanted } };
    const own: ObjectValue = { ...NO_LOGIN, hosts: [OWN_HOST], username: "acme", password_wo: SECRET };
    const unset = Object.fromEntries(Object.keys(pullSecret.attributes).map((attribute) => [attribute, null]));
    return { ...unset, name, namespaces, registries: beside ? [copy, own] : [copy] };
  });

function objectOf({ type, key, content }: Source): KubernetesObject {
  return { metadata: { ...SOURCE }, type, data: { [key]: Buffer.from(content).toString("base64") } } as KubernetesObject;
}

const isMap = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** The kubelet compares hosts letter by letter: A.io is another one than a.io. */
const normal = (host: string) => fromConfigKey(toConfigKey(host));

/** What a kubelet could use of a docker config JSON: `[host, user name and password]`; undefined where it is none. Read here by its own rules. */
function usable(content: string): readonly (readonly [host: string, login: string])[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (!isMap(parsed) || !isMap(parsed.auths ?? {})) return undefined;
  return Object.entries(parsed.auths ?? {}).flatMap(([host, entry]) => {
    if (!isMap(entry)) return [];
    const { auth, username, password, email } = entry;
    if ([auth, username, password, email].some((field) => typeof (field ?? "") !== "string")) return [];
    // The standard alphabet, padded or not: what Go decodes.
    const padded = typeof auth === "string" && !auth.endsWith("=") ? auth.padEnd(Math.ceil(auth.length / 4) * 4, "=") : auth;
    if (typeof padded === "string" && !/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(padded.replaceAll("_", "!"))) return [];
    const own = typeof username === "string" && typeof password === "string" ? [`${username}:${password}`] : [];
    const login = typeof auth === "string" && auth !== "" ? [Buffer.from(auth, "base64").toString("utf8")] : own;
    // Without a password it is an identity token's.
    return login.filter((text) => /:[\s\S]/.test(text)).map((text) => [normal(host), text] as const);
  });
}

/** What is to be copied of a source; undefined where that has to be an error. */
function wantedOf(from: Source | undefined, { registries }: ObjectValue): ReturnType<typeof usable> {
  if (from?.type !== "kubernetes.io/dockerconfigjson" || from.key !== ".dockerconfigjson") return undefined;
  const [copy, own] = registries as readonly ObjectValue[];
  const chosen = (copy?.copy_from as ObjectValue | undefined)?.hosts as readonly string[] | null | undefined;
  const found = usable(from.content);
  const copied = found?.filter(([host]) => (chosen ?? [host]).includes(host));
  const isThere = chosen?.every((host) => copied?.some(([other]) => other === host)) ?? (copied?.length ?? 0) > 0;
  const overlaps = own !== undefined && copied?.some(([host]) => host === OWN_HOST);
  return isThere && !overlaps ? copied : undefined;
}

/** Every copy holds what is wanted of the source, the login beside it, and nothing else. */
function expectCopies({ world }: Life, wanted: NonNullable<ReturnType<typeof usable>>, value: ObjectValue): void {
  const [, own] = value.registries as readonly ObjectValue[];
  const allowed = [...wanted, ...(own === undefined ? [] : [[OWN_HOST, `acme:${SECRET}`] as const])];
  const setOf = (all: readonly (readonly string[])[]) => [...new Set(all.map(([host = ""]) => host))].sort();
  for (const namespace of value.namespaces as readonly string[]) {
    const there = world.cluster.at("secrets", namespace, String(value.name)) as
      | (KubernetesObject & { readonly data?: { readonly [key: string]: string } })
      | undefined;
    const held = usable(Buffer.from(there?.data?.[".dockerconfigjson"] ?? "", "base64").toString("utf8")) ?? [];
    same(setOf(held), setOf(allowed), `the hosts in ${namespace}`);
    const strange = held.filter(([host, login]) => !allowed.some((one) => one[0] === host && one[1] === login));
    same(strange, [], `logins in ${namespace} that the source has not`);
  }
}

async function plan(life: Life, { state, private: data }: Held, value: ObjectValue) {
  const wire = encodeObject(value, pullSecret);
  await life.restart();
  return life.call("PlanResourceChange", { priorState: state, config: wire, proposedNewState: wire, priorPrivate: data });
}

/** Copies of a source that comes, changes, is damaged or goes. */
export const copies = property(
  "a registry_pull_secret copies a source that changes",
  60,
  fc.tuple(source, source, config),
  async ([first, second, value]) => {
    const life = begin(pullSecret, { ...NOTHING, secrets: first === undefined ? [] : [objectOf(first)] });
    const untouched = snapshot(life.world);
    const wanted = wantedOf(first, value);
    const created = await change(life, undefined, value);
    const went = created !== undefined && !hasFailed(created);
    same(went, wanted !== undefined, `created from ${fc.stringify(first)}`);
    if (wanted === undefined || !went) return same(snapshot(life.world), untouched, "what can't be copied leaves nothing");
    expectCopies(life, wanted, value);
    let held = heldAfter(created);
    const again = await plan(life, held, value);
    ensure(equal(decodeState(again.plannedState, pullSecret), stateOf(held, pullSecret)), "the second plan is empty");

    if (second === undefined)
      await life.world.cluster.client.delete({ ...at(SOURCE), name: SOURCE.name }, {}, new AbortController().signal);
    else life.world.cluster.put("secrets", objectOf(second));
    const before = snapshot(life.world);
    // A plan goes by what its refresh saw.
    await life.restart();
    const read = await life.call("ReadResource", { currentState: held.state, private: held.private });
    ensure(!hasFailed(read), `read with ${fc.stringify(second)}`);
    held = heldAfter(read);
    const next = wantedOf(second, value);
    const planned = await plan(life, held, value);
    ensure(!hasFailed(planned), `planned from ${fc.stringify(second)}`);
    if (next === undefined) {
      const kept = await change(life, held, value);
      ensure(kept === undefined || !hasFailed(kept), "what was copied before stops nothing");
      same(snapshot(life.world), before, "what can't be copied any more stays as it was");
    } else {
      const isDrift = !Buffer.from(planned.plannedState?.msgpack ?? []).equals(Buffer.from(held.state.msgpack ?? []));
      if (new Set(wanted.map(String)).size !== new Set([...wanted, ...next].map(String)).size)
        ensure(isDrift, "another source is drift");
      const changed = await change(life, held, value);
      ensure(changed !== undefined && !hasFailed(changed), "the source's change is applied");
      held = heldAfter(changed);
      expectCopies(life, next, value);
    }
    const destroyed = await change(life, held, null);
    ensure(destroyed !== undefined && !hasFailed(destroyed), "destroyed, whatever the source is");
    same(snapshot(life.world).length, second === undefined ? 0 : 1, "the source alone is left");
  },
);

const at = ({ namespace }: typeof SOURCE) => ({ apiVersion: "v1", resource: "secrets", namespace });
