import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import type { Random } from "../../support/random";
import { accessHcl, CREATE_FIRST, SECRET_NAME } from "../support/access-hcl";
import type { Cluster } from "../support/cluster";
import { type Bluemix, dedicatedEnvironment, dedicatedPassword } from "../support/dedicated";
import { underRoles } from "../support/identities";
import { createStack, expectWell, removeStack, type Stack } from "../support/terraform";
import { type Count, createTripwire, type Trip, type Tripwire } from "../support/tripwire";
import { type Blow, strikeRun } from "./blow";
import { readState, repair, tokensInState, writeState } from "./local-state";
import { type Neighbours, plantNeighbours } from "./neighbours";
import { watchPasswords } from "./password-watch";

/** What a stack goes through, over and over. */
export const PHASES = ["create", "update", "rotate", "destroy"] as const;
/** One of them. */
export type Phase = (typeof PHASES)[number];

/** One run that was ended, and what came of it. */
export interface Crash {
  readonly phase: Phase;
  readonly blow: Blow;
  /** The request at which it came, and at which side of it; undefined where it struck nothing, since the run had ended before. */
  readonly moment: string | undefined;
  /** What it left: tokens that no state knows, and that were not there before. */
  readonly strays: number;
  /** Seconds from the blow to the end of the last process that it was for. */
  readonly seconds: number;
  /** What a person had to do beside giving the command again. */
  readonly remark: string;
}

/** One stack that is created, updated, rotated and destroyed in turn, with everything that is around it. */
export interface Lane {
  /** One phase without a blow: how many requests it makes. */
  run(phase: Phase): Promise<Count>;
  /** One phase with a blow in it, then the same command again. Throws where that does not lead where it should. */
  crash(phase: Phase, blow: Blow, count: Count, random: Random): Promise<Crash>;
  close(): Promise<void>;
}

/** Files that a stack's folder may hold after a run. */
const FILES =
  /^(main\.tf|terraform\.rc|terraform\.d|\.terraform|\.terraform\.lock\.hcl|terraform\.tfstate(\.backup)?|\.cache|tmp)$/;
const DELAY_MS = 60;
/** What a killed run has left is told of as ours, with the way to keep it as somebody else's. */
const FOUND = "Found outside of the state: ";
/** What is ours would have been taken for somebody else's, or the other way round. */
const MISTAKEN = /somebody else|not this resource's|taken over|took over/i;

/** Opens a lane with namespaces of its own. */
export async function openLane(name: string, cluster: Cluster, bluemix: Bluemix): Promise<Lane> {
  const owner = `tests/${name}`;
  const [a, b, c, d, aside] = ["a", "b", "c", "d", "aside"].map((letter) => `${name}-${letter}`) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const namespaces = [a, b, c, d];
  await Promise.all([...namespaces, aside].map((namespace) => cluster.createNamespace(namespace)));
  await Promise.all([...namespaces, aside].map((namespace) => awaitServiceAccount(cluster, namespace)));
  const neighbours = await plantNeighbours(cluster, { owner, namespaces, aside });
  const wire = await createTripwire(cluster.state);
  const names = { pullSecrets: [SECRET_NAME], serviceAccounts: ["default"] };
  const limited = await underRoles({ ...cluster, state: wire.state }, names, name);
  const stack = await createStack(name, dedicatedEnvironment(cluster.state), undefined, limited.envOf);
  stack.env.TMPDIR = join(stack.folder, "tmp");
  mkdirSync(stack.env.TMPDIR);

  const targets: { readonly [phase in Phase]: readonly string[] } = {
    create: [a, b, c],
    update: [b, c, d],
    rotate: [b, c, d],
    destroy: [],
  };
  const write = (phase: Phase) => {
    const token = `${CREATE_FIRST}\ndescription = "${phase === "rotate" || phase === "destroy" ? "second" : "first"}"`;
    const pullSecret = phase === "create" ? 'labels = { first = "yes" }' : 'labels = { second = "yes" }';
    const configured = phase === "destroy" ? targets.rotate : targets[phase];
    stack.write(accessHcl(limited, { owner, namespaces: configured, token, pullSecret }));
  };
  write("create");
  expectWell(await stack.plan());
  rmSync(join(stack.folder, "plan.bin"));
  const lane = { owner, namespaces, targets, cluster, bluemix, neighbours, wire, stack };
  const around = await neighbours.photograph();
  const again = (phase: Phase) => (phase === "destroy" ? stack.destroy() : stack.apply());

  return {
    async run(phase) {
      write(phase);
      void wire.arm({ of: "all", index: -1, side: "asked" });
      expectWell(await again(phase));
      const count = wire.disarm();
      await expectReached(lane, phase, around, []);
      return count;
    },
    async crash(phase, blow, count, random) {
      write(phase);
      const before = await bluemix.living(owner);
      const straysBefore = await strayTokens(lane);
      const state = readState(stack);
      const of = random.pick<Trip["of"]>(["all", "writes", "tokens"]);
      const trip: Trip = { of, index: random.below(count[of]), side: random.pick(["asked", "done", "answered"]) };
      const delay = trip.side === "answered" ? random.below(DELAY_MS) : 0;
      const what = `${phase}, ${blow} at ${of} ${trip.index} ${trip.side} + ${delay} ms`;
      const watch = phase === "rotate" ? watchPasswords(lane) : undefined;
      try {
        const verb = phase === "destroy" ? "destroy" : "apply";
        const { command, moment, emptied } = await strikeRun({ stack, wire, verb, blow, trip, delay, random });
        const isCtrlC = blow.startsWith("Ctrl-C");
        if (blow === "kill both, state lost") writeState(stack, state);
        const remark = repair(stack);
        const strays = (await strayTokens(lane)).filter((id) => !straysBefore.includes(id));
        if (blow === "Ctrl-C" && strays.length > 0 && !command.output().includes("A registry token may be left"))
          throw new Error(`Ctrl-C left tokens that no state knows, and did not say so: ${strays.join()}\n${command.output()}`);

        if (isCtrlC) await emptied;
        await watch?.look();
        if (phase === "update" && blow === "kill provider") await expectRestPlanned(lane);
        // After a kill at once: a provider that Terraform left behind may still be undoing what it did.
        const second = await again(phase);
        const { left, seconds } = await emptied;
        wire.disarm();
        const said = second.messages.map(({ summary, detail }) => `${summary}: ${detail}`);
        if (second.code !== 0)
          throw new Error(`the same command again failed: ${said.join("\n") || second.output}\nAfter: ${command.output()}`);
        if (said.some((message) => MISTAKEN.test(message) && !message.startsWith(FOUND)))
          throw new Error(`taken for somebody else's: ${said.join("\n")}`);
        if (left.length > 0) throw new Error(`still running a minute after the blow: ${left.join("; ")}`);
        expect(await watch?.stop()).toEqual(watch === undefined ? undefined : []);
        const fated = phase === "rotate" || phase === "destroy" ? before.map(({ id }) => id) : [];
        await expectReached(lane, phase, around, fated);
        return { phase, blow, moment, strays: strays.length, seconds, remark };
      } catch (error) {
        throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        wire.disarm();
        await watch?.stop().catch(() => []);
      }
    },
    async close() {
      await wire.close();
      removeStack(stack);
    },
  };
}

interface Parts {
  readonly owner: string;
  readonly namespaces: readonly string[];
  readonly targets: { readonly [phase in Phase]: readonly string[] };
  readonly cluster: Cluster;
  readonly bluemix: Bluemix;
  readonly neighbours: Neighbours;
  readonly wire: Tripwire;
  readonly stack: Stack;
}

/** Living tokens of this stack that its state does not know. */
async function strayTokens({ owner, bluemix, stack }: Parts): Promise<readonly string[]> {
  const known = tokensInState(stack);
  return (await ownTokens({ owner, bluemix })).map(({ id }) => id).filter((id) => !known.includes(`dedicated/${id}`));
}

/** Living ones, without those that were planted. */
async function ownTokens({ owner, bluemix }: Pick<Parts, "owner" | "bluemix">) {
  return (await bluemix.living(owner)).filter(
    ({ description }) => description.includes(" name=pull ") && !description.includes("nonce=0123456789abcdef"),
  );
}

/** Everything is as the configuration says, nobody else's is touched, and nothing is left to do. */
async function expectReached(lane: Parts, phase: Phase, around: unknown, fated: readonly string[]): Promise<void> {
  const { neighbours, stack } = lane;
  const own = await ownTokens(lane);
  expect(own.filter(({ id }) => fated.includes(id))).toEqual([]);
  const [credential, ...more] = tokensInState(stack);
  expect(more).toEqual([]);
  const token = own.find(({ id }) => `dedicated/${id}` === credential);
  if (phase === "destroy") expect(own).toEqual([]);

  expect(await survey(lane)).toEqual(goal(lane, phase, token?.value));
  expect(await neighbours.photograph()).toEqual(around);
  if (phase === "destroy") expect(tokensInState(stack)).toEqual([]);
  else {
    const { code, output } = await stack.run("plan", "-detailed-exitcode", "-no-color", "-input=false");
    if (code !== 0) throw new Error(`the next plan is not empty: ${output}`);
  }
  expect(readdirSync(stack.folder).filter((file) => !FILES.test(file))).toEqual([]);
}

/** What an update that was broken off has not reached is in the next plan. */
async function expectRestPlanned(lane: Parts): Promise<void> {
  const token = (await ownTokens(lane)).find(({ id }) => tokensInState(lane.stack).includes(`dedicated/${id}`));
  if (isDeepStrictEqual(await survey(lane), goal(lane, "update", token?.value))) return;
  const { code, output } = await lane.stack.run("plan", "-detailed-exitcode", "-no-color", "-input=false");
  if (code !== 2) throw new Error(`the plan does not show what the update has not reached (exit code ${code}): ${output}`);
}

/** How one namespace stands. */
interface Standing {
  readonly password: string | undefined;
  readonly labels: { readonly [name: string]: string } | undefined;
  readonly isLinked: boolean;
  readonly isRegistered: boolean;
}

async function survey({ cluster, owner, namespaces }: Parts): Promise<readonly Standing[]> {
  return Promise.all(
    namespaces.map(async (namespace) => {
      const secret = await cluster.secret(namespace, SECRET_NAME);
      const account = await cluster.serviceAccount(namespace);
      return {
        password: secret === undefined ? undefined : await dedicatedPassword(cluster, namespace, SECRET_NAME),
        labels: secret?.metadata.labels,
        isLinked: account?.imagePullSecrets?.some(({ name }) => name === SECRET_NAME) === true,
        isRegistered: registered(account, owner),
      };
    }),
  );
}

/** How they all stand once a phase is through. */
function goal({ namespaces, targets }: Parts, phase: Phase, token: string | undefined): readonly Standing[] {
  const label = phase === "create" ? "first" : "second";
  return namespaces.map((namespace, index) => {
    const isTarget = targets[phase].includes(namespace);
    const labels = isTarget ? { "app.kubernetes.io/managed-by": "registry-access", [label]: "yes" } : undefined;
    // The second namespace's entry is also another owner's.
    return {
      password: isTarget ? (token ?? "a living token") : undefined,
      labels,
      isLinked: isTarget || index === 1,
      isRegistered: isTarget,
    };
  });
}

function registered(account: ServiceAccountObject | undefined, owner: string): boolean {
  const register = JSON.parse(account?.metadata.annotations?.["registry-access/entries"] ?? "{}") as { [owner: string]: object };
  return SECRET_NAME in (register[owner] ?? {});
}

async function awaitServiceAccount(cluster: Cluster, namespace: string): Promise<void> {
  while ((await cluster.serviceAccount(namespace)) === undefined) await sleep(100);
}
