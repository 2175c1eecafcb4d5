import type { Construct } from "constructs";
import type { OnOtherCluster } from "../domain/cluster-identity";
import type { OnMissingAccess } from "../domain/permissions";
import type { PullChecks } from "../domain/pulls/mode";
import { provider } from "../schema";
import { TerraformProvider } from "./cdktf";
import type { Cluster } from "./cluster";
import { clusterConflicts } from "./cluster-conflicts";
import { type ConstructProps, translateAndCheck } from "./from-schema";
import { noHcl } from "./no-hcl";
import { checkOptions } from "./options";
import { withOverrides } from "./overrides";
import { defaultOwner } from "./owner";
import { PROVIDER_NAME, PROVIDER_SOURCE, VERSION } from "./product";
import { providerConflicts } from "./provider-conflicts";
import { deliverProvider } from "./provider-delivery";
import { sameSettings } from "./same-settings";
import type { TerraformValues } from "./terraform-values";

type ProviderAttributes = ConstructProps<typeof provider>;

/** Systems that hand out registry tokens, by a name of one's own. */
export type Issuers = NonNullable<ProviderAttributes["issuers"]>;
/** One system that hands out registry tokens. */
export type Issuer = Issuers[string];

/** An exchange of Open Horizon, and who logs in there. */
export type HorizonExchange = NonNullable<ProviderAttributes["horizon"]>;

/** Props of {@link RegistryProvider}. */
export interface RegistryProviderProps {
  /**
   * The cluster that everything of this provider is written to.
   * @default - the KUBE_* environment variables, as hashicorp/kubernetes reads them
   */
  readonly cluster?: Cluster | undefined;
  /** Systems that hand out registry tokens. @default - none; {@link RegistryProvider.addIssuer} adds more */
  readonly issuers?: Issuers | undefined;
  /** Who writes: stands in an annotation on everything it makes. @default - `<package name>/<stack>` */
  readonly owner?: string | undefined;
  /** What to do where the state is about another cluster, as in `Cluster.fromKubeconfig`. @default - the cluster's, else an error */
  readonly onOtherCluster?: OnOtherCluster | undefined;
  /** How a plan says that a permission or a namespace is missing. @default - REGISTRY_ACCESS_ON_MISSING_ACCESS, else a warning */
  readonly onMissingAccess?: OnMissingAccess | undefined;
  /** What pull checks do: `"skip"` for a cluster without nodes. @default - REGISTRY_ACCESS_PULL_CHECKS, else they wait for the Pods */
  readonly pullChecks?: PullChecks | undefined;
  /** The exchange of Open Horizon that services and patterns are published in. @default - HZN_EXCHANGE_URL, HZN_ORG_ID, HZN_EXCHANGE_USER_AUTH and HZN_MGMT_HUB_CERT_PATH */
  readonly horizon?: HorizonExchange | undefined;
  /** The name by which constructs of a stack with several clusters tell them apart. @default - the cluster's */
  readonly alias?: string | undefined;
}

/**
 * The provider `registry`, which the stack carries in its own folder: synth writes it there, and into the lock file, so that
 * plain `cdktf deploy` has nothing to install.
 */
export class RegistryProvider extends TerraformProvider {
  static readonly tfResourceType = PROVIDER_NAME;
  readonly cluster: Cluster | undefined;
  readonly #alias: string | undefined;
  readonly #issuers = new Map<string, Issuer>();
  readonly #values: TerraformValues;
  readonly #issuerValues: { [name: string]: unknown } = {};

  constructor(scope: Construct, id: string, props: RegistryProviderProps = {}) {
    super(scope, id, {
      terraformResourceType: PROVIDER_NAME,
      terraformGeneratorMetadata: {
        providerName: PROVIDER_NAME,
        providerVersion: VERSION,
        providerVersionConstraint: VERSION,
      },
      terraformProviderSource: PROVIDER_SOURCE,
    });
    const options = ["cluster", "issuers", "owner", "onOtherCluster", "onMissingAccess", "pullChecks", "horizon", "alias"];
    checkOptions(`[${this.node.path}] RegistryProvider`, props, options);
    this.cluster = props.cluster;
    this.#alias = props.alias ?? props.cluster?.alias;
    this.#values = translateAndCheck(this, provider, {
      owner: props.owner ?? defaultOwner(this),
      kubernetes: props.cluster?.settings,
      clusterUid: props.cluster?.uid,
      onOtherCluster: props.onOtherCluster ?? props.cluster?.onOtherCluster,
      onMissingAccess: props.onMissingAccess,
      pullChecks: props.pullChecks,
      horizon: props.horizon,
    });
    for (const [name, issuer] of Object.entries(props.issuers ?? {})) this.addIssuer(name, issuer);
    this.node.addValidation({
      validate: () => (this.isFirst ? [...providerConflicts(this.cdktfStack), ...clusterConflicts(this.cdktfStack)] : []),
    });
    deliverProvider(this);
  }

  /**
   * Adds a system that hands out registry tokens; one that is there already with the same settings is shared.
   *
   * @throws where another system has this name
   */
  addIssuer(name: string, issuer: Issuer): void {
    const existing = this.#issuers.get(name);
    if (existing !== undefined) {
      if (sameSettings(existing, issuer, this.cdktfStack)) return;
      throw new Error(
        `[${this.node.path}] Two issuers are called ${JSON.stringify(name)}, with different settings. Give one of them a name of its own, such as { name: ${JSON.stringify(`${name}-2`)} }.`,
      );
    }
    this.#issuers.set(name, issuer);
    const { issuers } = translateAndCheck(
      this,
      { ...provider, attributes: { issuers: provider.attributes.issuers } },
      {
        issuers: { [name]: issuer },
      },
    );
    Object.assign(this.#issuerValues, issuers);
  }

  /** Of several, the first one speaks for the stack. */
  private get isFirst(): boolean {
    return this.cdktfStack.node.findAll().find((node) => node instanceof RegistryProvider) === this;
  }

  override get alias(): string | undefined {
    return this.#alias;
  }

  // cdktf's own would turn the issuers' names into snake_case.
  override toTerraform(): object {
    const configuration = {
      ...this.#values,
      ...(this.#issuers.size === 0 ? {} : { issuers: this.#issuerValues }),
      ...(this.alias === undefined ? {} : { alias: this.alias }),
    };
    return {
      terraform: { required_providers: { [PROVIDER_NAME]: { source: PROVIDER_SOURCE, version: VERSION } } },
      provider: { [PROVIDER_NAME]: [withOverrides(configuration, this.rawOverrides)] },
    };
  }

  override toHclTerraform(): never {
    throw noHcl(this);
  }
}
