/** Our provider as a process of its own, spoken to as Terraform does: for what needs no plan of Terraform's. */
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { decodeObject, encodeObject } from "../../../lib/provider/protocol/dynamic-value";
import type { WireDynamicValue } from "../../../lib/provider/protocol/messages";
import { dataRegistryToken, provider as providerSchema, pullSecret } from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { buildProvider } from "../../../scripts/build-provider";
import { connect, type Handshaken, handshake } from "../../provider/client";

/** An error or warning, with the attribute's path as `registries[0].password_env`. */
export interface Problem {
  readonly summary: string;
  readonly detail: string;
  /** @default - it is about no attribute */
  readonly path?: string;
}

/** What an RPC came to. */
export interface Answer {
  readonly problems: readonly Problem[];
  /** @default - it failed */
  readonly value?: ObjectValue;
}

/** A configured provider. */
export interface RunningProvider {
  /** Refreshes a pull secret `pull` that should be in a namespace: reads the cluster's kube-system namespace and Secrets. */
  readCluster(namespace: string, timeout?: string): Promise<Answer>;
  /** Looks a registry token up: logs in at the issuer and reads its list. @default - the issuer `dedicated` */
  readTokens(description: string, issuer?: string): Promise<Answer>;
  /** Plans a pull secret. */
  planPullSecret(config: ObjectValue): Promise<Answer>;
  /** What it wrote to its log so far. */
  log(): string;
  stop(): Promise<void>;
}

interface WireDiagnostic {
  readonly summary: string;
  readonly detail: string;
  readonly attribute: { readonly steps: readonly WireStep[] } | null;
}
interface WireStep {
  readonly attributeName?: string;
  readonly elementKeyString?: string;
  readonly elementKeyInt?: number | string;
}
interface WireAnswer {
  readonly diagnostics: readonly WireDiagnostic[];
  readonly newState?: WireDynamicValue | null;
  readonly plannedState?: WireDynamicValue | null;
  readonly state?: WireDynamicValue | null;
}

/** Variables of the machine that would change what is tested. */
const CLEARED = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"];
const NONE = Object.fromEntries(CLEARED.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, ""]));

let built: ReturnType<typeof buildProvider> | undefined;

/** How a provider is started. */
export interface StartOptions {
  /** Makes another program that ends up as the provider. @default - the provider itself */
  readonly wrap?: (binary: string) => string;
}

/** Starts the provider and configures it. Throws where that fails. */
export async function startProvider(
  config: ObjectValue,
  env: { readonly [name: string]: string },
  { wrap = (binary) => binary }: StartOptions = {},
): Promise<RunningProvider> {
  built ??= buildProvider("registry");
  const binary = await built;
  if (binary === undefined) throw new Error("The provider has no source to build.");
  const started: Handshaken = await handshake(wrap(binary), { env: { ...NONE, TF_LOG_PROVIDER: "TRACE", ...env } });
  const client = connect(started);
  const call = (rpc: string, request: object) => client.call<WireAnswer>(rpc, request);
  const configured = await call("ConfigureProvider", { config: whole(config, providerSchema), terraformVersion: "1.13.0" });
  if (configured.diagnostics.length > 0) {
    await client.shutdown();
    throw new Error(JSON.stringify(problemsOf(configured)));
  }
  const secretType = { typeName: pullSecret.name };

  return {
    async readCluster(namespace, timeout) {
      const state = {
        id: "tests/pull",
        name: "pull",
        namespaces: [namespace],
        registries: [{ hosts: ["registry.example.com"], username: "u" }],
        targets: { [namespace]: { status: "in_sync" } },
        fingerprint: "scrypt$1024$8$1$AAAA$AAAA",
        owner: "tests",
        instance: "0000000000000000",
        ...(timeout === undefined ? {} : { timeouts: { read: timeout } }),
      };
      const answer = await call("ReadResource", { ...secretType, currentState: whole(state, pullSecret) });
      return answerOf(answer, answer.newState, pullSecret);
    },
    async readTokens(description, issuer = "dedicated") {
      const typeName = dataRegistryToken.name;
      const answer = await call("ReadDataSource", {
        typeName,
        config: whole({ issuer, description }, dataRegistryToken),
      });
      return answerOf(answer, answer.state, dataRegistryToken);
    },
    async planPullSecret(planned) {
      const value = whole(planned, pullSecret);
      const validated = await call("ValidateResourceConfig", { ...secretType, config: value });
      if (validated.diagnostics.length > 0) return { problems: problemsOf(validated) };
      const priorState = encodeObject(null, pullSecret);
      const answer = await call("PlanResourceChange", { ...secretType, priorState, proposedNewState: value, config: value });
      return answerOf(answer, answer.plannedState, pullSecret);
    },
    log: () => started.stderr(),
    async stop() {
      await client.shutdown();
    },
  };
}

function whole(value: ObjectValue, schema: TypeSchema): WireDynamicValue {
  return encodeObject(value, schema);
}

function answerOf(answer: WireAnswer, value: WireDynamicValue | null | undefined, schema: TypeSchema): Answer {
  const problems = problemsOf(answer);
  if (problems.length > 0 || !value) return { problems };
  return { problems, value: decodeObject(value, schema) ?? {} };
}

function problemsOf({ diagnostics }: WireAnswer): Problem[] {
  return diagnostics.map(({ summary, detail, attribute }) => {
    const path = (attribute?.steps ?? [])
      .map(({ attributeName, elementKeyString, elementKeyInt }) =>
        attributeName ? `.${attributeName}` : elementKeyString ? `[${JSON.stringify(elementKeyString)}]` : `[${elementKeyInt}]`,
      )
      .join("")
      .slice(1);
    return { summary, detail, ...(path === "" ? {} : { path }) };
  });
}
