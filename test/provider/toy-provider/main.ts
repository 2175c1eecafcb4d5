import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { DataSourceType, EphemeralResourceType, Lazy, ResourceType } from "../../../lib/provider/framework/definition";
import { DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import { type ObjectValue, UNKNOWN, type Value } from "../../../lib/provider/framework/value";
import { serve } from "../../../lib/provider/serve";
import { TOY_FILE, TOY_LEGACY, TOY_PASSWORD, TOY_PROVIDER, TOY_THING, TOY_TROUBLE } from "./schema";

interface Toy {
  readonly file: Value;
}
type Things = { [id: string]: ObjectValue };
type Part = { readonly name: Value; readonly password_wo: Value; readonly length: Value };

function load(toy: Toy): Things {
  return typeof toy.file === "string" && existsSync(toy.file) ? (JSON.parse(readFileSync(toy.file, "utf8")) as Things) : {};
}
function save(toy: Toy, things: Things): void {
  writeFileSync(String(toy.file), JSON.stringify(things, null, 1));
}
const partsOf = (value: ObjectValue) => (Array.isArray(value.parts) ? (value.parts as Part[]) : null);

/** Sets computed values of what is planned: all known. */
function complete(planned: ObjectValue, id: string): ObjectValue {
  const targets = planned.targets as { [key: string]: ObjectValue } | null;
  return {
    ...planned,
    id,
    targets:
      targets && Object.fromEntries(Object.entries(targets).map(([key, target]) => [key, { ...target, status: "in_sync" }])),
  };
}

const thing: ResourceType<Toy> = {
  schema: TOY_THING,
  async plan({ config, proposed }) {
    const passwords = partsOf(config)?.map((part) => part.password_wo);
    const parts = partsOf(proposed)?.map((part, index) => {
      const password = passwords?.[index];
      return { ...part, length: typeof password === "string" ? password.length : password === null ? null : UNKNOWN };
    });
    return { planned: { ...proposed, parts: parts ?? null } as ObjectValue };
  },
  async planDestroy(prior, { report }) {
    report({ severity: "warning", summary: "Thing goes", detail: `The thing of kind ${String(prior.kind)} goes.` });
  },
  async create({ planned }, { provider }) {
    const id = randomUUID();
    const state = complete(planned, id);
    save(provider, { ...load(provider), [id]: state });
    return { state, privateData: { created: true } };
  },
  async read({ state }, { provider }) {
    const found = load(provider)[String(state.id)];
    return found === undefined ? null : { state: found };
  },
  async update({ prior, planned, privateData }, { provider }) {
    if (privateData?.created !== true) throw new Error("private data did not come back");
    const state = complete(planned, String(prior.id));
    save(provider, { ...load(provider), [String(prior.id)]: state });
    return { state };
  },
  async delete({ prior }, { provider }) {
    const things = load(provider);
    delete things[String(prior.id)];
    save(provider, things);
  },
  async importState(id, { provider }) {
    const found = load(provider)[id];
    if (found === undefined) throw DiagnosticError.at(undefined, "No such thing", `There is no thing ${JSON.stringify(id)}.`);
    return { state: found, privateData: { created: true } };
  },
  upgradeState(_version, raw) {
    return {
      ...Object.fromEntries(Object.keys(TOY_THING.attributes).map((name) => [name, null])),
      id: String(raw.id),
      kind: String(raw.sort),
      size: 3,
    };
  },
};

const trouble: ResourceType<Toy> = {
  schema: TOY_TROUBLE,
  async create({ planned }, { signal, provider }) {
    const mode = planned.mode;
    if (mode === "undo") {
      save(provider, { begun: planned });
      await sleep(600_000, undefined, { signal }).finally(async () => {
        await sleep(1_000);
        save(provider, {});
      });
    }
    if (mode === "throw") throw new TypeError("secret-in-stack Bearer abcdefghijkl");
    if (mode === "reject") {
      void Promise.reject(new Error("nobody caught this"));
      await sleep(20);
    }
    if (mode === "throw-later") {
      setTimeout(() => {
        throw new TypeError("nobody catches this");
      }, 20);
      await sleep(600_000, undefined, { signal });
    }
    if (mode === "hang") await sleep(600_000, undefined, { signal });
    if (mode === "misfit") return { state: { mode, outcome: 7 } };
    if (mode === "unknown") return { state: planned };
    return { state: { ...planned, outcome: "fine", ...(mode === "depart" ? { mode: "other" } : {}) } };
  },
  async read({ state }) {
    return { state };
  },
  async update({ planned }) {
    return { state: planned };
  },
  async delete() {},
};

const legacy: ResourceType<Toy> = {
  schema: TOY_LEGACY,
  legacyTypeSystem: true,
  async create({ planned }) {
    const [metadata] = planned.metadata as ObjectValue[];
    return { state: { ...planned, id: "legacy", metadata: [{ ...metadata, uid: "uid-1" }] } };
  },
  async read({ state }) {
    return { state };
  },
  async update({ planned }) {
    return { state: planned };
  },
  async delete() {},
};

const file: DataSourceType<Toy> = {
  schema: TOY_FILE,
  async read(config, { provider }) {
    const things = load(provider);
    const id = config.id;
    if (typeof id === "string" && things[id] === undefined)
      throw DiagnosticError.at(["id"], "No such thing", `There is no thing ${JSON.stringify(id)}.`);
    return {
      ...config,
      total: Object.keys(things).length,
      kinds: Object.fromEntries(Object.entries(things).map(([key, kept]) => [key, kept.kind ?? null])),
    };
  },
};

const password: EphemeralResourceType<Toy> = {
  schema: TOY_PASSWORD,
  async open(config) {
    return { ...config, value: "p".repeat(Number(config.length)) };
  },
};

const lazy = <T extends { readonly schema: Lazy<T>["schema"] }>(type: T): Lazy<T> => ({
  schema: type.schema,
  load: async () => type,
});

void serve<Toy>(
  {
    schema: TOY_PROVIDER,
    version: "0.0.1",
    resources: [lazy(thing), lazy(trouble), lazy(legacy)],
    dataSources: [lazy(file)],
    ephemeralResources: [lazy(password)],
    configure: async (config) => ({ file: config.file ?? null }),
  },
  { address: "registry.terraform.io/test/toy" },
);
