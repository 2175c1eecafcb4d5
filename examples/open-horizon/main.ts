/**
 * System G: edge services of Open Horizon (IEAM) whose images are in private registries, as IBM's document 004 walks through it twice: once
 * with OpenShift's image registry, once with IBM Cloud's. What edge nodes pull with is issued here, and stored with the service; whoever
 * has one of the two leaves the other part out. The exchange is told by hzn's own variables: HZN_EXCHANGE_URL, HZN_ORG_ID,
 * HZN_EXCHANGE_USER_AUTH, HZN_MGMT_HUB_CERT_PATH.
 *
 * The key pair that signs: `hzn key create <org> <e-mail>`, or `openssl genrsa -out service.private.key 4096`.
 */
import { readFileSync } from "node:fs";
import { App, TerraformStack } from "cdktf";
import {
  Cluster,
  EdgeNodeTrust,
  HorizonPattern,
  HorizonService,
  IbmCloudRegistry,
  OpenShiftRegistry,
  type Registry,
  Secret,
} from "../../lib";

const { HZN_PRIVATE_KEY_FILE, HZN_PUBLIC_KEY_FILE, ICR_HOSTS, IBMCLOUD_CA_FILE } = process.env;
// Without a certificate the key's public part is uploaded.
const signingKey = { file: HZN_PRIVATE_KEY_FILE ?? "~/.hzn/keys/service.private.key" };
const publicKey = HZN_PUBLIC_KEY_FILE === undefined ? undefined : readFileSync(HZN_PUBLIC_KEY_FILE, "utf8");

const app = new App();
const stack = new TerraformStack(app, "open-horizon");

// "Using the OpenShift image registry": the route, a project, a ServiceAccount with its role, and its token. The document gives it the role
// `edit`; every edge node gets this token, so it may pull and no more. Images are pushed with a login of one's own.
const openshift = new OpenShiftRegistry(stack, "openshift", {
  cluster: Cluster.fromKubeconfig(),
  project: "edge",
  description: "images of edge services",
  serviceAccount: "edge-puller",
});
// What each edge node runs, so that its Docker trusts the route: terraform output -raw edge_node_script | ssh node sudo sh
new EdgeNodeTrust(stack, "trust", {
  host: openshift.route.host,
  caCertificate: openshift.caCertificate,
  output: "edge_node_script",
});
publish("myservice-openshift", openshift, openshift.image("myservice_amd64:1.2.3"), openshift.caCertificate);

// "Using IBM Cloud Container Registry": an API key that may only pull, and a registry namespace.
const icr = new IbmCloudRegistry({
  regions: ["us-south"],
  // Where icr.io is another, such as in the sandbox: the region's own host alone.
  hosts: ICR_HOSTS?.split(",").slice(0, 1),
  apiKey: Secret.env("IBMCLOUD_API_KEY"),
  iamEndpoint: process.env.IBMCLOUD_IAM_API_ENDPOINT,
  registryEndpoint: process.env.IBMCLOUD_CR_API_ENDPOINT,
  caCertificate: IBMCLOUD_CA_FILE === undefined ? undefined : readFileSync(IBMCLOUD_CA_FILE, "utf8"),
  key: { description: "edge nodes" },
});
// Its destroy deletes the images in it, as that of the project does; without forceDestroy it is refused while there are any.
// Without OpenShift, the provider is one of its own: new RegistryProvider(stack, "registry-provider").
const namespace = icr.namespace(openshift.provider, "edge", { forceDestroy: true });
publish("myservice-icr", icr, icr.image(`${namespace.name}/myservice_amd64:1.2.3`));

/**
 * What `hzn exchange service publish -r "$HOST:$USER:$TOKEN" -f service.definition.json` does, and `hzn exchange pattern publish`. The
 * image has to be in the registry: a first deploy makes the project and the registry namespace, and says so where the image is missing.
 */
function publish(name: string, registry: Registry, image: string, registryCaCertificate?: string): void {
  const { service } = new HorizonService(stack, name, {
    definition: {
      org: "$HZN_ORG_ID",
      label: "$SERVICE_NAME for $ARCH",
      description: "An edge service with a private image.",
      public: false,
      url: "$SERVICE_NAME",
      version: "1.2.3",
      arch: "$ARCH",
      sharable: "singleton",
      requiredServices: [],
      userInput: [{ name: "PRECISION", label: "Digits", type: "int", defaultValue: "5" }],
      deployment: { services: { myservice: { image, environment: ["UNITS=metric"] } } },
    },
    variables: { SERVICE_NAME: name, ARCH: "amd64" },
    registries: [registry],
    registryCaCertificate,
    signingKey,
    publicKey,
  });
  const { url, arch, version } = service;
  new HorizonPattern(stack, `pattern-${name}`, {
    name: `pattern-${name}-amd64`,
    definition: {
      label: "Edge nodes with a private image",
      public: false,
      services: [
        {
          serviceUrl: url,
          serviceOrgid: "$HZN_ORG_ID",
          serviceArch: arch,
          serviceVersions: [{ version, deployment_overrides: { services: { myservice: { environment: ["UNITS=imperial"] } } } }],
        },
      ],
    },
    signingKeyFile: signingKey.file,
    publicKey,
  });
}

app.synth();
