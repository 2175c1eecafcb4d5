import type { Construct } from "constructs";
import type { Problem } from "../domain/problem";
import type { Props, PropTypes, TypeSchema } from "../schema";
import {
  dependable,
  type IResolvable,
  ref,
  TerraformDataSource,
  TerraformElement,
  type TerraformMetaArguments,
  TerraformResource,
  TerraformStack,
  Token,
} from "./cdktf";
import { toPartlyKnown } from "./partly-known";
import { PROVIDER_NAME, VERSION } from "./product";
import { defineReferences, type References } from "./references";
import type { Secret } from "./secret";
import { type TerraformValues, toTerraformValues } from "./terraform-values";
import { formatProblem, problemsOf } from "./validation";

/** What stands in the props of the constructs for secrets and for booleans that only Terraform will know. */
export interface ConstructPropTypes extends PropTypes {
  readonly secret: Secret;
  readonly boolean: boolean | IResolvable;
}

/** The props of a type: its attributes in camelCase. */
export type ConstructProps<S extends TypeSchema> = Props<S, ConstructPropTypes>;

/** Terraform's own arguments, beside those of the schema. */
export type Meta = Pick<TerraformMetaArguments, "count" | "dependsOn" | "forEach" | "lifecycle" | "provider">;

/** A class made from a schema: its constructor takes the schema's props, its instances have the schema's attributes to refer to. */
type FromSchema<S extends TypeSchema, Base> = {
  new (scope: Construct, id: string, props: ConstructProps<S> & Meta): Base & References<S>;
  /** The name in Terraform's configuration. */
  readonly tfResourceType: string;
};

const generator = { providerName: PROVIDER_NAME, providerVersion: VERSION, providerVersionConstraint: VERSION };
const META: readonly string[] = ["count", "dependsOn", "forEach", "lifecycle", "provider"] satisfies (keyof Meta)[];

function split(props: object): { meta: Meta; own: object } {
  const entries = Object.entries(props).filter(([, value]) => value !== undefined);
  const isMeta = ([name]: [string, unknown]) => META.includes(name);
  return {
    meta: Object.fromEntries(entries.filter(isMeta)) as Meta,
    own: Object.fromEntries(entries.filter((entry) => !isMeta(entry))),
  };
}

/** Translates the props and has them checked when the stack is synthesized. */
export function translateAndCheck(construct: Construct, schema: TypeSchema, props: object): TerraformValues {
  const { values, checks } = toTerraformValues(schema.attributes, props, TerraformStack.of(construct));
  construct.node.addValidation({
    validate: () => {
      const early = checks.flatMap((check): Problem[] => [check() ?? []].flat());
      // A refused secret is missing from the values: the schema would say so a second time, and less well.
      const problems = early.length > 0 ? early : problemsOf(schema, toPartlyKnown(schema.attributes, values));
      return problems.map((problem) => formatProblem(schema.attributes, problem));
    },
  });
  return values;
}

/** The base class of a resource of our provider. */
export function resourceOf<S extends TypeSchema>(schema: S): FromSchema<S, TerraformResource> {
  class SchemaResource extends TerraformResource {
    static readonly tfResourceType = schema.name;
    readonly #values: TerraformValues;

    constructor(scope: Construct, id: string, props: object) {
      const { meta, own } = split(props);
      super(scope, id, { ...meta, terraformResourceType: schema.name, terraformGeneratorMetadata: generator });
      defineReferences(this, schema.attributes, (name) => this.interpolationForAttribute(name));
      this.#values = translateAndCheck(this, schema, own);
    }

    protected override synthesizeAttributes(): { [name: string]: unknown } {
      return { ...this.#values };
    }
  }
  return SchemaResource as unknown as FromSchema<S, TerraformResource>;
}

/** The base class of a data source of our provider. */
export function dataSourceOf<S extends TypeSchema>(schema: S): FromSchema<S, TerraformDataSource> {
  class SchemaDataSource extends TerraformDataSource {
    static readonly tfResourceType = schema.name;
    readonly #values: TerraformValues;

    constructor(scope: Construct, id: string, props: object) {
      const { meta, own } = split(props);
      super(scope, id, { ...meta, terraformResourceType: schema.name, terraformGeneratorMetadata: generator });
      defineReferences(this, schema.attributes, (name) => this.interpolationForAttribute(name));
      this.#values = translateAndCheck(this, schema, own);
    }

    protected override synthesizeAttributes(): { [name: string]: unknown } {
      return { ...this.#values };
    }
  }
  return SchemaDataSource as unknown as FromSchema<S, TerraformDataSource>;
}

/** The base class of an ephemeral resource of our provider. cdktf has none of its own: this emits the block. */
export function ephemeralOf<S extends TypeSchema>(schema: S): FromSchema<S, TerraformElement> {
  class SchemaEphemeral extends TerraformElement {
    static readonly tfResourceType = schema.name;
    readonly #values: TerraformValues;
    readonly #meta: Meta;

    constructor(scope: Construct, id: string, props: object) {
      super(scope, id, `ephemeral.${schema.name}`);
      const { meta, own } = split(props);
      this.#meta = meta;
      defineReferences(this, schema.attributes, (name) =>
        ref(`ephemeral.${schema.name}.${this.friendlyUniqueId}.${name}`, this.cdktfStack),
      );
      this.#values = translateAndCheck(this, schema, own);
    }

    override toTerraform(): object {
      const { provider, dependsOn } = this.#meta;
      const block = {
        ...this.#values,
        ...(provider === undefined ? {} : { provider: provider.fqn }),
        ...(dependsOn === undefined ? {} : { depends_on: dependsOn.map((dependency) => Token.asString(dependable(dependency))) }),
        ...this.rawOverrides,
        "//": this.constructNodeMetadata,
      };
      return { ephemeral: { [schema.name]: { [this.friendlyUniqueId]: block } } };
    }
  }
  return SchemaEphemeral as unknown as FromSchema<S, TerraformElement>;
}
