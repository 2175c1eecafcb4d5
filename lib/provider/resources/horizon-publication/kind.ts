import type { HorizonClient, Publications } from "../../../clients/horizon/types";
import type { Definition } from "../../../domain/horizon/definition";
import type { Fault } from "../../../domain/horizon/faults";
import type { Sign } from "../../../domain/horizon/publication";
import type { TypeSchema } from "../../../schema/attribute";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ObjectValue } from "../../framework/value";

/** What sets services and patterns apart; the lifecycle of both is one. */
export interface PublicationKind {
  readonly schema: TypeSchema;
  readonly noun: Publications["noun"];
  /** The name under which the key is uploaded where nothing else is said. */
  readonly keyName: string;
  /** Attributes that say what is published, beside the definition and its variables. @default - none */
  readonly content?: readonly string[];
  publications(client: HorizonClient): Publications;
  /** What is wrong with a definition. */
  check(definition: Definition): readonly Fault[];
  /** The exchange's id, of a definition that is right. */
  idOf(definition: Definition, config: ObjectValue): string;
  /** What the state says of it besides. */
  exported(definition: Definition, id: string): ObjectValue;
  /** What is done before it is signed. @default - nothing */
  prepare?(definition: Definition, config: ObjectValue, provider: ConfiguredProvider, signal: AbortSignal): Promise<Definition>;
  /** What the exchange takes. */
  publish(definition: Definition, sign: Sign): Definition;
  /** Of an import: the attributes that only this kind has. */
  imported(id: string): ObjectValue;
}
