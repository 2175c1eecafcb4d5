import type { Construct } from "constructs";
import { checkImportId, type Props, type PropTypes, type TypeSchema } from "../schema";
import {
  dependable,
  type IResolvable,
  ref,
  TerraformDataSource,
  TerraformElement,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  Token,
} from "./cdktf";
import { noHcl } from "./no-hcl";
import { withOverrides } from "./overrides";
import { isUnresolved, toPartlyKnown } from "./partly-known";
import { PROVIDER_NAME, VERSION } from "./product";
import { defineReferences, type References } from "./references";
import type { Secret } from "./secret";
import { type TerraformValues, toTerraformValues } from "./terraform-values";
import { formatProblem, type PropProblem, problemsOf } from "./validation";

/** What stands in the props of the constructs for secrets and for booleans that only Terraform will know. */
export interface ConstructPropTypes extends PropTypes {
  readonly secret: Secret;
  readonly boolean: boolean | IResolvable;
}

/** The props of a type: its attributes in camelCase. */
export type ConstructProps<S extends TypeSchema> = Props<S, ConstructPropTypes>;

/** Terraform's own arguments, beside those of the schema. */
export type Meta = Pick<TerraformMetaArguments, "count" | "dependsOn" | "forEach" | "lifecycle" | "provider">;

/** Those of them that an ephemeral resource takes here. */
type EphemeralMeta = Pick<Meta, "dependsOn" | "provider">;

/** A class made from a schema: its constructor takes the schema's props, its instances have the schema's attributes to refer to. */
type FromSchema<S extends TypeSchema, Base, M = Meta> = {
  new (scope: Construct, id: string, props: ConstructProps<S> & M): Base & References<S>;
  /** The name in Terraform's configuration. */
  readonly tfResourceType: string;
};

const generator = { providerName: PROVIDER_NAME, providerVersion: VERSION, providerVersionConstraint: VERSION };
const META: readonly string[] = ["count", "dependsOn", "forEach", "lifecycle", "provider"] satisfies (keyof Meta)[];

const NO_PROVIDER =
  'The stack has no RegistryProvider. Make one, such as new RegistryProvider(stack, "registry", { issuers: { … } }).';

/** The providers `registry` of a stack. */
export function registryProvidersOf(stack: TerraformStack): readonly TerraformProvider[] {
  const providers = stack.node.findAll().filter((node) => TerraformProvider.isTerraformProvider(node));
  return providers.filter((provider) => provider.terraformResourceType === PROVIDER_NAME);
}

function split(props: object): { meta: Meta; own: object } {
  const entries = Object.entries(props).filter(([, value]) => value !== undefined);
  const isMeta = ([name]: [string, unknown]) => META.includes(name);
  return {
    meta: Object.fromEntries(entries.filter(isMeta)) as Meta,
    own: Object.fromEntries(entries.filter((entry) => !isMeta(entry))),
  };
}

/** Constructs in `replaceTriggeredBy` as plain addresses: cdktf makes `${…}` of them, which Terraform does not read in JSON. */
function withAddresses(meta: Meta): Meta {
  const { replaceTriggeredBy } = meta.lifecycle ?? {};
  if (replaceTriggeredBy === undefined) return meta;
  const addresses = replaceTriggeredBy.map((item) => (typeof item === "string" ? item : Token.asString(dependable(item))));
  return { ...meta, lifecycle: { ...meta.lifecycle, replaceTriggeredBy: addresses } };
}

/** Translates the props and has them checked when the stack is synthesized. */
export function translateAndCheck(construct: Construct, schema: TypeSchema, props: object): TerraformValues {
  const { values, checks } = toTerraformValues(schema.attributes, props, TerraformStack.of(construct));
  construct.node.addValidation({
    validate: () => {
      const early = checks.flatMap((check): PropProblem[] => [check() ?? []].flat());
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
      super(scope, id, { ...withAddresses(meta), terraformResourceType: schema.name, terraformGeneratorMetadata: generator });
      defineReferences(this, schema.attributes, (name) => this.interpolationForAttribute(name));
      this.#values = translateAndCheck(this, schema, own);
    }

    protected override synthesizeAttributes(): { [name: string]: unknown } {
      return { ...this.#values };
    }

    /** An `import` block (Terraform ≥ 1.5). @throws where the id has not the form that the type's reference page says */
    override importFrom(id: string, provider?: TerraformProvider): void {
      const problem = isUnresolved(id) ? undefined : checkImportId(schema, id);
      if (problem !== undefined) throw new Error(`[${this.node.path}] importFrom: ${problem.summary}. ${problem.detail}`);
      super.importFrom(id, provider);
    }

    override toHclTerraform(): never {
      throw noHcl(this);
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

    override toHclTerraform(): never {
      throw noHcl(this);
    }
  }
  return SchemaDataSource as unknown as FromSchema<S, TerraformDataSource>;
}

/** The base class of an ephemeral resource of our provider. cdktf has none of its own: this emits the block. */
export function ephemeralOf<S extends TypeSchema>(schema: S): FromSchema<S, TerraformElement, EphemeralMeta> {
  class SchemaEphemeral extends TerraformElement {
    static readonly tfResourceType = schema.name;
    readonly #values: TerraformValues;
    readonly terraformGeneratorMetadata = generator;
    readonly provider: TerraformProvider | undefined;
    readonly #dependsOn: Meta["dependsOn"];

    constructor(scope: Construct, id: string, props: object) {
      super(scope, id, `ephemeral.${schema.name}`);
      const { provider, dependsOn, ...own } = props as EphemeralMeta;
      this.provider = provider;
      this.#dependsOn = dependsOn;
      // cdktf asks this for what it knows, and it knows no ephemeral resources.
      this.node.addValidation({ validate: () => (registryProvidersOf(this.cdktfStack).length > 0 ? [] : [NO_PROVIDER]) });
      defineReferences(this, schema.attributes, (name) =>
        ref(`ephemeral.${schema.name}.${this.friendlyUniqueId}.${name}`, this.cdktfStack),
      );
      this.#values = translateAndCheck(this, schema, own);
    }

    override toTerraform(): object {
      const [provider, dependsOn] = [this.provider, this.#dependsOn];
      const block = {
        ...this.#values,
        ...(provider === undefined ? {} : { provider: provider.fqn }),
        ...(dependsOn === undefined ? {} : { depends_on: dependsOn.map((dependency) => Token.asString(dependable(dependency))) }),
        "//": this.constructNodeMetadata,
      };
      return { ephemeral: { [schema.name]: { [this.friendlyUniqueId]: withOverrides(block, this.rawOverrides) } } };
    }

    override toHclTerraform(): never {
      throw noHcl(this);
    }
  }
  return SchemaEphemeral as unknown as FromSchema<S, TerraformElement, EphemeralMeta>;
}
