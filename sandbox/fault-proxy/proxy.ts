import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as timer } from "node:timers/promises";
import { type Call, type CallCount, createCallLog, formatCall, templateOf } from "./calls";
import { ADDRESS, type Door, openDoor } from "./door";
import { actsBefore, FAULTS, type Fault, type FaultName } from "./faults";
import { type Answer, createUpstream } from "./forward";
import type { Refusal } from "./refusals";
import { createStorm, type Storm, type StormPattern } from "./storm";
import { strike } from "./strike";

/** One service to stand before. */
export interface ProxiedService {
  /** Where it really is. */
  readonly url: string;
  readonly refusal: Refusal;
  /** A service of the same proxy that a challenge of this one sends its clients to, and that one's own origin. @default - none */
  readonly realm?: { readonly service: string; readonly origin: string };
}

/** What a proxy is started with. */
export interface FaultProxyOptions<S extends string> {
  readonly services: { readonly [name in S]: ProxiedService };
  /** PEM: what the services are trusted by. */
  readonly ca: string;
  /** PEM: the proxy's own certificate, for 127.0.0.1. */
  readonly tls: { readonly certificate: string; readonly key: string };
  /** The origin that a redirect leads to. */
  readonly elsewhere: string;
}

/** A proxy with a port for each service. Calls pass until a fault is armed. */
export interface FaultProxy<S extends string> {
  /** `https://127.0.0.1:PORT` by service. */
  readonly urls: { readonly [name in S]: string };
  /** The calls since the last {@link clear}. */
  counts(): readonly CallCount[];
  clear(): void;
  /**
   * Strikes the nth call of this kind after the last {@link clear}; with a fault that lasts, all later ones too. A port that is to be shut
   * is shut once so many calls to the service were answered: those before it.
   */
  arm(call: Call, at: { readonly nth: number; readonly before: number }, fault: FaultName): void;
  /** Answers calls of all kinds with 429 and Retry-After, in storms, until {@link disarm}: what it met counts as struck. */
  storm(service: S, pattern: StormPattern): void;
  /** Everything passes again. */
  disarm(): Promise<Struck>;
  close(): Promise<void>;
}

/** What a fault did. */
export interface Struck {
  /** How often it struck; a port that was shut counts once. */
  readonly times: number;
  /** How much of a huge answer the client took, what lies in buffers included. */
  readonly sentBytes: number;
}

interface Armed {
  readonly call: Call;
  readonly nth: number;
  readonly before: number;
  readonly fault: Fault;
  struck: number;
  sentBytes: number;
}

/** What a call in a storm meets. */
const STORM = "429 with Retry-After" satisfies FaultName;

/** Starts a proxy in this process. */
export async function startFaultProxy<S extends string>(options: FaultProxyOptions<S>): Promise<FaultProxy<S>> {
  const log = createCallLog();
  const names = Object.keys(options.services) as S[];
  let armed: Armed | undefined;
  const storms = new Map<string, Storm>();

  const takeFault = (call: Call): Armed | undefined => {
    const count = log.add(call);
    if (armed === undefined || armed.fault.effect.kind === "refuse" || formatCall(armed.call) !== formatCall(call))
      return undefined;
    return count === armed.nth || (armed.fault.forever === true && count > armed.nth) ? armed : undefined;
  };

  /** Whether this is the last call before one whose port is to be shut. */
  const isLastBefore = (service: string, answered: number): boolean =>
    armed !== undefined && armed.fault.effect.kind === "refuse" && armed.call.service === service && armed.before === answered;

  const shut = async (found: Armed, door: Door): Promise<void> => {
    found.struck++;
    door.shut();
    if (found.fault.effect.kind !== "refuse" || found.fault.effect.milliseconds === undefined) return;
    await timer(found.fault.effect.milliseconds);
    if (armed === found) await door.reopen();
  };

  const portOf = (service: string) => doors.find((each) => each.service === service)?.door.port ?? 0;
  const doors = await Promise.all(
    names.map(async (service) => {
      const { url, refusal, realm } = options.services[service];
      const upstream = createUpstream(url, options.ca);
      const answerOf = async (incoming: IncomingMessage, body: Buffer) => {
        const answer = await upstream.send(incoming, body);
        return realm === undefined ? answer : withRealm(answer, realm.origin, portOf(realm.service));
      };
      const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
        const body = await readAll(incoming);
        const onReset = () => door.reset(incoming);
        const call = { service, method: incoming.method ?? "", template: templateOf(incoming.url ?? "") };
        if (storms.get(service)?.strikes() === true) {
          log.add(call);
          const turned = { response, answer: undefined, refusal, turn: 0, elsewhere: options.elsewhere, reset: onReset };
          return strike(FAULTS[STORM], { ...turned, onSent: () => {} });
        }
        const last = isLastBefore(service, log.countOf(service) + 1) ? armed : undefined;
        const found = takeFault(call);
        if (found === undefined) {
          const answer = await answerOf(incoming, body);
          // Before the answer goes out: the client's next connection may be quicker than what is done after it.
          if (last !== undefined) {
            response.setHeader("connection", "close");
            void shut(last, door);
          }
          return pass(response, answer);
        }
        found.struck++;
        const answer = actsBefore(found.fault) ? await answerOf(incoming, body) : undefined;
        const onSent = (bytes: number) => {
          found.sentBytes += bytes;
        };
        const turn = [...formatCall(found.call)].length + found.nth;
        const elsewhere = `${options.elsewhere}${incoming.url}`;
        strike(found.fault, { response, answer, refusal, turn, elsewhere, reset: onReset, onSent });
      };
      const door: Door = await openDoor(options.tls, (incoming, response) => {
        // The service is gone, or the client: neither is the proxy's fault.
        serve(incoming, response).catch(() => response.destroy());
      });
      return { service, door, upstream };
    }),
  );

  return {
    urls: Object.fromEntries(doors.map(({ service, door }) => [service, `https://${ADDRESS}:${door.port}`])) as {
      [name in S]: string;
    },
    counts: log.counts,
    clear: log.clear,
    arm(call, { nth, before }, fault) {
      armed = { call, nth, before, fault: FAULTS[fault], struck: 0, sentBytes: 0 };
      const door = doors.find((each) => each.service === call.service)?.door;
      if (door !== undefined && isLastBefore(call.service, 0)) void shut(armed, door);
    },
    storm(service, pattern) {
      storms.set(service, createStorm(pattern));
    },
    async disarm() {
      const { struck = 0, sentBytes = 0 } = armed ?? {};
      const times = [...storms.values()].reduce((sum, storm) => sum + storm.struck, struck);
      armed = undefined;
      storms.clear();
      await Promise.all(doors.map(({ door }) => door.reopen()));
      return { times, sentBytes };
    },
    async close() {
      await Promise.all(doors.flatMap(({ door, upstream }) => [door.close(), upstream.close()]));
    },
  };
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function pass(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": body.length }).end(body);
}

/** With the address of the token server replaced, so that the way there leads through the proxy too. */
function withRealm(answer: Answer, origin: string, port: number): Answer {
  const challenge = answer.headers["www-authenticate"];
  if (typeof challenge !== "string") return answer;
  const through = challenge.replace(origin, `https://${ADDRESS}:${port}`);
  return { ...answer, headers: { ...answer.headers, "www-authenticate": through } };
}
