import { formatPath } from "../../../../lib/domain/problem";
import type { WireDiagnostic } from "../../../../lib/provider/protocol/messages";
import { parseAttributePath } from "../../../../lib/provider/protocol/path";
import type { Run } from "../../support/terraform";
import type { Configuration } from "../configuration";
import type { Engine } from "../engine";
import { applyWalk, destroyWalk, planDestroyWalk } from "./apply";
import { type Plan, planWalk } from "./plan";
import { resolveReferences } from "./references";
import { openSession, type Session } from "./session";
import { createState } from "./state";

/**
 * Calls the provider in the order in which Terraform does, with a session of its own for each walk, and prints what Terraform's `-json`
 * prints of it. It knows what the cases need: resources that refer to each other in a row, and replacements that create first.
 */
export function createBareEngine(socket: string, configuration: Configuration): Engine {
  let given = configuration;
  let state = createState();

  /** Runs walks, and ends as Terraform would: 1 where an error was told. */
  async function command(walks: (walk: Walk, print: (line: object) => void) => Promise<number>): Promise<Run> {
    const lines: string[] = [];
    const print = (line: object) => void lines.push(JSON.stringify(line));
    let failed = false;
    const tell = (diagnostic: WireDiagnostic, address: string) => {
      failed ||= diagnostic.severity === 1;
      print({ type: "diagnostic", diagnostic: messageOf(diagnostic, address) });
    };
    const walk: Walk = async (work) => {
      const session = await openSession(socket, given.provider, tell);
      try {
        return await work(session);
      } finally {
        session.close();
      }
    };
    const code = await walks(walk, print);
    return { code: failed ? 1 : code, output: `${lines.join("\n")}\n` };
  }

  const plan = (walk: Walk) => walk((session) => planWalk(session, given.resources, state));

  return {
    name: "bare",
    write(next) {
      given = next;
    },
    plan: () =>
      command(async (walk) => {
        const planned = await plan(walk);
        return planned !== undefined && changesAnything(planned) ? 2 : 0;
      }),
    apply: () =>
      command(async (walk, print) => {
        const planned = await plan(walk);
        if (planned === undefined) return 1;
        state = planned.refreshed;
        if (!changesAnything(planned)) return 0;
        print({ type: "apply_start" });
        return (await walk((session) => applyWalk(session, planned, state))) ? 0 : 1;
      }),
    planDestroy: () =>
      command(async (walk) => {
        const planned = await plan(walk);
        if (planned === undefined) return 1;
        await walk((session) => planDestroyWalk(session, given.resources, planned.refreshed));
        return 0;
      }),
    destroy: () =>
      command(async (walk, print) => {
        const planned = state.isEmpty() ? undefined : await plan(walk);
        if (planned === undefined) return state.isEmpty() ? 0 : 1;
        const destructions = await walk((session) => planDestroyWalk(session, given.resources, planned.refreshed));
        if (destructions === undefined) return 1;
        state = planned.refreshed;
        print({ type: "apply_start", hook: { action: "delete" } });
        const well = await walk((session) => destroyWalk(session, destructions, state));
        if (!well) print({ type: "apply_errored", hook: { action: "delete" } });
        return well ? 0 : 1;
      }),
    lookUp: () =>
      command((walk) =>
        walk(async (session) => {
          const each = given.lookedUp.map(({ schema, config }) => {
            const resolved = resolveReferences(config, new Map());
            return schema.kind === "data source" ? session.readData(schema, resolved) : session.openEphemeral(schema, resolved);
          });
          await Promise.all(each);
          return 0;
        }),
      ),
    state: async () => state.file(),
    remove: () => undefined,
  };
}

type Walk = <R>(work: (session: Session) => Promise<R>) => Promise<R>;

function changesAnything({ changes, deposed }: Plan): boolean {
  return deposed.length > 0 || changes.some(({ action }) => action !== "none");
}

/** As Terraform prints it, with the path that Terraform turns into a line. */
function messageOf({ severity, summary, detail, attribute }: WireDiagnostic, address: string) {
  const path = attribute ? formatPath(parseAttributePath(attribute)) : "";
  return { severity: severity === 1 ? "error" : "warning", summary, detail, address, ...(path === "" ? {} : { path }) };
}
