/** `registry_horizon_service`: a service of Open Horizon, published and signed. */
import { formatServiceId } from "../../../domain/horizon/exchange-id";
import { publishedService } from "../../../domain/horizon/publication";
import { checkServiceDefinition } from "../../../domain/horizon/service-definition";
import { horizonService } from "../../../schema/horizon/service";
import type { ConfiguredProvider } from "../../configured/provider";
import { checkCredential } from "../../credential-entry";
import type { ResourceType } from "../../framework/definition";
import type { PublicationKind } from "../horizon-publication/kind";
import { publicationResource } from "../horizon-publication/resource-type";
import { entriesOf, pinImages } from "./pin-images";

const text = (value: unknown) => (typeof value === "string" ? value : "");

const service: PublicationKind = {
  schema: horizonService,
  noun: "service",
  keyName: "service.public.pem",
  content: ["pin_images"],
  publications: (client) => client.services,
  check: checkServiceDefinition,
  idOf: ({ url, version, arch }) => formatServiceId({ url: text(url), version: text(version), arch: text(arch) }),
  exported: ({ url, version, arch }, id) => ({ service_id: id, url: text(url), version: text(version), arch: text(arch) }),
  prepare: pinImages,
  publish: publishedService,
  imported: () => ({ pin_images: true }),
};

const lifecycle = publicationResource(service);

/** The resource type `registry_horizon_service`. */
export const horizonServiceResource: ResourceType<ConfiguredProvider> = {
  ...lifecycle,
  async plan(request, context) {
    for (const entry of entriesOf(request.config.registries)) checkCredential(entry, context.provider);
    return lifecycle.plan?.(request, context) ?? { planned: request.proposed };
  },
};
