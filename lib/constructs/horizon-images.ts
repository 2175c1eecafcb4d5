import type { IConstruct } from "constructs";
import { isFaulty, readDefinition } from "../domain/horizon/definition";
import { imagesOf } from "../domain/horizon/service-definition";
import { parseImageReference } from "../domain/image-reference";
import { toConfigKey } from "../domain/registry-host";
import { TerraformStack } from "./cdktf";
import type { HorizonDefinition } from "./horizon-definition";
import { isUnresolved } from "./partly-known";
import { resolveText } from "./resolve-text";

/** The registry hosts that a definition's images name. */
export interface ImageHosts {
  /** As the published images name them: a host, or an expression of Terraform's. */
  readonly hosts: readonly string[];
  /** False where more may be named: the definition, or an image's host, is only known to Terraform. */
  readonly isWhole: boolean;
}

/** The registry hosts that a definition's images name, as far as they are known at synth. */
export function imageHostsOf(definition: HorizonDefinition, variables: { readonly [name: string]: string } = {}): ImageHosts {
  const unknown: ImageHosts = { hosts: [], isWhole: false };
  if (isUnresolved(definition)) return unknown;
  const text = typeof definition === "string" ? definition : JSON.stringify(definition);
  const read = readDefinition(text, { HZN_ORG_ID: "organization", ...variables });
  if (isFaulty(read)) return unknown;
  const hosts = [...imagesOf(read).values()].map((image) => hostOf(image));
  return {
    hosts: [...new Set(hosts)],
    isWhole: hosts.every((host) => host !== "" && !isUnresolved(host)),
  };
}

/** Of what Terraform completes, all before the first slash. Empty where that can't be told. */
function hostOf(image: string): string {
  if (!isUnresolved(image)) return parseImageReference(image)?.host ?? "";
  const slash = image.indexOf("/");
  return slash < 0 ? "" : image.slice(0, slash);
}

/** Which hosts edge nodes need a registry's credential for, as the images name them: all of it, where it is not known what they name. */
export function usedHostsOf(scope: IConstruct, hosts: readonly string[], named: ImageHosts): readonly string[] {
  // Two tokens of one attribute are two texts.
  const key = (host: string) => toConfigKey(resolveText(host, TerraformStack.of(scope)));
  const used = named.hosts.filter((host) => host !== "" && hosts.some((own) => key(own) === key(host)));
  return used.length === 0 && !(named.isWhole && !hosts.some(isUnresolved)) ? hosts : used;
}
