import type { ObjectValue } from "../../../lib/provider/framework/value";
import { provider } from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";

/** What a lane is configured with: the same for a real Terraform, which reads it as HCL, and for what stands for it. */
export interface Configuration {
  readonly provider: ObjectValue;
  /** In the order of their references. A text `${address.attribute}` is a reference, or one to the variable `password`. */
  readonly resources: readonly Declared[];
  /** Data sources and ephemeral resources, which are looked up apart from the others. */
  readonly lookedUp: readonly Declared[];
}

/** One resource, data source or ephemeral resource of a configuration. */
export interface Declared {
  readonly schema: TypeSchema;
  readonly config: ObjectValue;
  /** @default - a replacement destroys first */
  readonly createsBeforeDestroy?: true;
}

/** The schema of the provider block. */
export const providerSchema = provider;

/** How long each operation of a resource may take: longer than our patience with any one request. */
export const TIMEOUTS = { create: "40s", read: "40s", update: "40s", delete: "40s" };

/** The variable `password`: a template of HCL, for JSON and for TypeScript a plain text. */
export const PASSWORD_VARIABLE = `\${var.password}`;

/** An attribute of another resource of the configuration. */
export const reference = ({ name }: TypeSchema, attribute: string): string => `\${${name}.pull.${attribute}}`;
