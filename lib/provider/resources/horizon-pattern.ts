/** `registry_horizon_pattern`: a deployment pattern of Open Horizon, published and signed. */
import { formatPatternId } from "../../domain/horizon/exchange-id";
import { checkPatternDefinition } from "../../domain/horizon/pattern-definition";
import { publishedPattern } from "../../domain/horizon/publication";
import { horizonPattern } from "../../schema/horizon/pattern";
import { textOf } from "../framework/value";
import type { PublicationKind } from "./horizon-publication/kind";
import { publicationResource } from "./horizon-publication/resource-type";

const pattern: PublicationKind = {
  schema: horizonPattern,
  noun: "pattern",
  keyName: "pattern.public.pem",
  publications: (client) => client.patterns,
  check: checkPatternDefinition,
  idOf: (_, config) => formatPatternId(textOf(config.name)),
  exported: (_, id) => ({ pattern_id: id }),
  publish: publishedPattern,
  imported: (id) => ({ name: id }),
};

/** The resource type `registry_horizon_pattern`. */
export const horizonPatternResource = publicationResource(pattern);
