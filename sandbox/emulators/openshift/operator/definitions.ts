/** The API groups of OpenShift that are resources of a definition here: their names, fields and limits as in openshift/api. */

type Schema = { readonly [field: string]: unknown };

const text: Schema = { type: "string" };
const texts: Schema = { type: "array", items: text, nullable: true };
const flag: Schema = { type: "boolean" };
const count: Schema = { type: "integer", format: "int32" };
/** Parts that the registry's operator has and nothing here reads. */
const anything: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true, nullable: true };
const time: Schema = { type: "string", format: "date-time" };

function object(properties: { readonly [name: string]: Schema }, required: readonly string[] = []): Schema {
  return { type: "object", properties, ...(required.length > 0 && { required }) };
}

function listOf(items: Schema): Schema {
  return { type: "array", items };
}

const HOST =
  "^([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])(\\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9]))*$";
const condition = object({ type: text, status: text, reason: text, message: text, lastTransitionTime: time }, ["type", "status"]);

const registryConfig = {
  spec: object(
    {
      managementState: { type: "string", pattern: "^(Managed|Unmanaged|Force|Removed)$" },
      httpSecret: text,
      proxy: object({ http: text, https: text, noProxy: text }),
      storage: anything,
      readOnly: flag,
      disableRedirect: flag,
      requests: anything,
      defaultRoute: flag,
      routes: { ...listOf(object({ name: text, hostname: text, secretName: text }, ["name"])), nullable: true },
      replicas: count,
      logging: { type: "integer", format: "int64" },
      logLevel: { type: "string", enum: ["", "Normal", "Debug", "Trace", "TraceAll"], default: "Normal" },
      operatorLogLevel: { type: "string", enum: ["", "Normal", "Debug", "Trace", "TraceAll"], default: "Normal" },
      resources: anything,
      nodeSelector: { type: "object", additionalProperties: text, nullable: true },
      tolerations: { ...listOf(anything), nullable: true },
      topologySpreadConstraints: { ...listOf(anything), nullable: true },
      rolloutStrategy: { type: "string", pattern: "^(RollingUpdate|Recreate)$" },
      affinity: anything,
      unsupportedConfigOverrides: anything,
      observedConfig: anything,
    },
    ["managementState", "replicas"],
  ),
  status: object({
    observedGeneration: { type: "integer", format: "int64" },
    conditions: listOf(condition),
    version: text,
    readyReplicas: count,
    generations: listOf(anything),
    storageManaged: flag,
    storage: anything,
  }),
};

const target = object(
  {
    kind: { type: "string", enum: ["Service", ""], default: "Service" },
    name: { type: "string", minLength: 1 },
    weight: { type: "integer", format: "int32", minimum: 0, maximum: 256, default: 100 },
  },
  ["kind", "name"],
);

const route = {
  spec: object(
    {
      host: { type: "string", maxLength: 253, pattern: HOST },
      subdomain: { type: "string", maxLength: 253, pattern: HOST },
      path: { type: "string", pattern: "^/" },
      to: target,
      alternateBackends: { ...listOf(target), maxItems: 3 },
      port: object({ targetPort: { "x-kubernetes-int-or-string": true } }, ["targetPort"]),
      tls: object(
        {
          termination: { type: "string", enum: ["edge", "reencrypt", "passthrough"] },
          certificate: text,
          key: text,
          caCertificate: text,
          destinationCACertificate: text,
          insecureEdgeTerminationPolicy: { type: "string", enum: ["Allow", "None", "Redirect", ""] },
          externalCertificate: object({ name: text }),
        },
        ["termination"],
      ),
      httpHeaders: anything,
      wildcardPolicy: { type: "string", enum: ["None", "Subdomain", ""], default: "None" },
    },
    ["to"],
  ),
  status: object({
    ingress: listOf(
      object({
        host: text,
        routerName: text,
        routerCanonicalHostname: text,
        wildcardPolicy: text,
        conditions: listOf(condition),
      }),
    ),
  }),
};

const location = object({ domainName: text, insecure: flag });
const image = {
  spec: object({
    allowedRegistriesForImport: listOf(location),
    externalRegistryHostnames: texts,
    additionalTrustedCA: object({ name: text }, ["name"]),
    registrySources: object({
      insecureRegistries: texts,
      blockedRegistries: texts,
      allowedRegistries: texts,
      containerRuntimeSearchRegistries: texts,
    }),
    imageStreamImportMode: { type: "string", enum: ["", "Legacy", "PreserveOriginal"] },
  }),
  status: object({ externalRegistryHostnames: texts, internalRegistryHostname: text, imageStreamImportMode: text }),
};

interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: "Cluster" | "Namespaced";
  readonly fields: { readonly spec: Schema; readonly status: Schema };
}

function definition({ group, kind, plural, scope, fields }: Kind) {
  const properties = { apiVersion: text, kind: text, metadata: { type: "object" }, ...fields };
  const schema = { openAPIV3Schema: object(properties, ["spec"]) };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, subresources: { status: {} }, schema }],
    },
  };
}

/** The definitions, ready to be applied. */
export const DEFINITIONS = [
  definition({
    group: "imageregistry.operator.openshift.io",
    kind: "Config",
    plural: "configs",
    scope: "Cluster",
    fields: registryConfig,
  }),
  definition({ group: "route.openshift.io", kind: "Route", plural: "routes", scope: "Namespaced", fields: route }),
  definition({ group: "config.openshift.io", kind: "Image", plural: "images", scope: "Cluster", fields: image }),
];
