import { join } from "node:path";
import { formatSchema } from "../../../lib/provider/protocol/schema";
import { definition } from "../../../sandbox/kubernetes-provider/definition";
import { patchTexts, visibleMetadata } from "../../../sandbox/kubernetes-provider/metadata";
import type { Manifest } from "../../../sandbox/kubernetes-provider/object-kind";
import { sameQuantity } from "../../../sandbox/kubernetes-provider/quantity";
import { missingOfRollout } from "../../../sandbox/kubernetes-provider/resources/deployment";
import type { BlockJson, SchemaJson } from "../../../sandbox/kubernetes-provider/schema-json";
import { readConfiguration } from "../../../sandbox/kubernetes-provider/settings";

describe("the schema on the wire is the recorded one", () => {
  const recorded = require(join(__dirname, "../../../sandbox/kubernetes-provider/schema-2.38.0.json")) as {
    readonly provider: SchemaJson;
    readonly resource_schemas: { readonly [name: string]: SchemaJson };
  };
  type Wire = ReturnType<typeof formatSchema>["block"];
  const NESTING = ["", "single", "list", "set", "map"];
  const flags = (all: { readonly [flag: string]: boolean }) => Object.fromEntries(Object.entries(all).filter(([, on]) => on));
  const toJson = (block: Wire): BlockJson => {
    const attributes = block.attributes.map((attribute) => [
      attribute.name,
      {
        type: JSON.parse(String("type" in attribute ? attribute.type : "")) as unknown,
        ...flags({ required: attribute.required, optional: attribute.optional, computed: attribute.computed }),
        ...flags({ sensitive: attribute.sensitive, write_only: attribute.writeOnly, deprecated: attribute.deprecated }),
      },
    ]);
    const blocks = block.blockTypes.map(({ typeName, nesting, minItems, maxItems, block: inner }) => [
      typeName,
      {
        nesting_mode: NESTING[nesting],
        block: toJson(inner),
        ...(minItems ? { min_items: minItems } : {}),
        ...(maxItems ? { max_items: maxItems } : {}),
      },
    ]);
    return {
      ...(attributes.length > 0 ? { attributes: Object.fromEntries(attributes) } : {}),
      ...(blocks.length > 0 ? { block_types: Object.fromEntries(blocks) } : {}),
    };
  };

  test("of the provider", () => {
    expect(toJson(formatSchema(definition.schema).block)).toEqual(recorded.provider.block);
  });

  test.each(definition.resources.map(({ schema }) => [schema.name, schema] as const))("of %s", (name, schema) => {
    const wire = formatSchema(schema);
    expect({ version: wire.version, block: toJson(wire.block) }).toEqual(recorded.resource_schemas[name]);
  });
});

test.each([
  ["1000m", "1", true],
  ["0.5", "500m", true],
  ["1Gi", "1024Mi", true],
  ["1e3", "1k", true],
  ["1E", "1000P", true],
  ["1Gi", "1G", false],
  ["10m", "11m", false],
  ["many", "many", true],
  ["many", "more", false],
])("the quantities %s and %s: same is %s", (a, b, same) => {
  expect(sameQuantity(a, b)).toBe(same);
});

test("labels of the cluster's own parts, and ignored ones, are hidden unless the state has them", () => {
  const labels = {
    "kubernetes.io/metadata.name": "a",
    "pod-security.kubernetes.io/enforce": "restricted",
    "app.kubernetes.io/name": "b",
    "team.example.com/x": "c",
    own: "d",
  };
  const prior = { labels: { "pod-security.kubernetes.io/enforce": "restricted" } };
  const visible = visibleMetadata({ name: "n", labels }, prior, { annotations: [], labels: [/^team\.example\.com/] });
  expect(visible).toEqual({
    name: "n",
    annotations: {},
    labels: { "pod-security.kubernetes.io/enforce": "restricted", "app.kubernetes.io/name": "b", own: "d" },
  });
});

test("an update changes the labels that the plan changes, and leaves the others", () => {
  const current = { kept: "1", removed: "1", changed: "1", foreign: "1" };
  const patched = patchTexts(current, { kept: "1", removed: "1", changed: "1" }, { kept: "1", changed: "2", added: "1" });
  expect(patched).toEqual({ kept: "1", changed: "2", foreign: "1", added: "1" });
});

describe("a rollout", () => {
  const of = (status: { readonly [field: string]: unknown }): Manifest => ({
    metadata: { name: "d", generation: 2 },
    spec: { replicas: 3 },
    status: { observedGeneration: 2, ...status },
  });
  test.each<[string, Manifest, string | undefined]>([
    ["not seen yet", of({ observedGeneration: 1 }), "Waiting for rollout to start of deployment d"],
    ["begun", of({ updatedReplicas: 1 }), "Waiting for rollout to finish of d: 1 out of 3 new replicas have been updated"],
    [
      "with old replicas",
      of({ updatedReplicas: 3, replicas: 4 }),
      "Waiting for rollout to finish of d: 1 old replicas are pending termination",
    ],
    [
      "with replicas that do not run",
      of({ updatedReplicas: 3, replicas: 3, availableReplicas: 2 }),
      "Waiting for rollout to finish of d: 2 of 3 updated replicas are available",
    ],
    ["complete", of({ updatedReplicas: 3, replicas: 3, availableReplicas: 3 }), undefined],
  ])("%s", (_, object, missing) => {
    expect(missingOfRollout(object, "d")).toBe(missing);
  });

  test("fails when the controller gave it up", () => {
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
    expect(() => missingOfRollout(of({ conditions }), "d")).toThrow("Deployment d exceeded its progress deadline");
  });
});

test("the provider's configuration comes from attributes first, and from KUBE_* where they are not set", () => {
  const config = { host: "https://a", config_path: null, insecure: null, ignore_labels: ["^x"] };
  const env = { KUBE_HOST: "https://b", KUBE_CONFIG_PATH: "/k", KUBE_TOKEN: "t", KUBE_INSECURE: "true", KUBECONFIG: "/not-read" };
  expect(readConfiguration(config, env)).toEqual({
    unknown: [],
    ignored: { annotations: [], labels: [/^x/] },
    cluster: {
      configPaths: ["/k"],
      configContext: null,
      configContextAuthInfo: null,
      configContextCluster: null,
      host: "https://a",
      token: "t",
      username: null,
      password: null,
      clientCertificate: null,
      clientKey: null,
      clusterCaCertificate: null,
      insecure: true,
      tlsServerName: null,
      proxyUrl: null,
      exec: null,
    },
  });
});
