/** What is published in Open Horizon's exchange: one lifecycle, for services and patterns. */
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { createPublication } from "./create";
import { destroyPublication } from "./delete";
import { importPublication } from "./import";
import type { PublicationKind } from "./kind";
import { planPublication } from "./plan";
import { readPublication } from "./read";
import { updatePublication } from "./update";

/** The resource type of one kind of publication. */
export function publicationResource(kind: PublicationKind): ResourceType<ConfiguredProvider> {
  return {
    schema: kind.schema,
    plan: (request, context) => planPublication(kind, request, context),
    create: (request, context) => createPublication(kind, request, context),
    read: (request, context) => readPublication(kind, request, context),
    update: (request, context) => updatePublication(kind, request, context),
    delete: (request, context) => destroyPublication(kind, request, context),
    importState: (id, context) => importPublication(kind, id, context),
  };
}
