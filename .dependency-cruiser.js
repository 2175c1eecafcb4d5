/** The layers as rules: who may import whom. test/gate/layers.test.ts proves that each rule bites. */

/** What a layer of lib may import from lib: itself and these. */
function layer(name, path, may, comment) {
  return {
    name,
    severity: "error",
    comment,
    from: { path: `^lib/${path}/` },
    to: { path: "^lib/", pathNot: [`^lib/${path}/`, ...may.map((other) => `^lib/${other}/`)] },
  };
}

/** What must never be imported from there. */
function never(name, from, to, comment) {
  return { name, severity: "error", comment, from, to };
}

const OUTSIDE = ["core", "npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"];
const CDKTF = "(^|/)node_modules/(cdktf|cdktf-cli|cdktn)/";
const WIRE = "(^|/)node_modules/(@grpc|protobufjs|@msgpack)/";

module.exports = {
  forbidden: [
    layer("domain-imports-domain-alone", "domain", [], "domain is pure: rules without I/O and without a framework."),
    never(
      "domain-is-pure",
      { path: "^lib/domain/" },
      { dependencyTypes: OUTSIDE, pathNot: "^(node:)?(crypto|util|buffer|url)$" },
      "domain imports only built-ins that do no I/O, and no package.",
    ),
    layer("schema-imports-domain", "schema", ["domain"], "schema is data with checks from domain."),
    never(
      "schema-is-pure",
      { path: "^lib/schema/" },
      { dependencyTypes: OUTSIDE },
      "schema imports no built-in and no package: constructs load it at synth.",
    ),
    layer("clients-import-domain", "clients", ["domain"], "A client knows its service, not who uses it."),
    layer("issuers-import-clients", "issuers", ["clients", "domain"], "An issuer is one system's tokens, over its client."),
    layer(
      "constructs-import-schema",
      "constructs",
      ["schema", "domain"],
      "Synth stays offline: no clients, and the provider only as a file.",
    ),
    never(
      "constructs-stay-offline",
      { path: "^lib/constructs/" },
      {
        path: "^(node:)?(http|https|http2|net|tls|dgram|dns|child_process|cluster|worker_threads)(/|$)|(^|/)node_modules/(undici|@kubernetes|@grpc)/",
      },
      "Synth makes no request and starts no process.",
    ),
    never(
      "cdktf-by-one-file",
      { path: "^lib/", pathNot: "^lib/constructs/cdktf\\.ts$" },
      { path: CDKTF },
      "lib/constructs/cdktf.ts alone imports cdktf's core, so that its successor is a change of one line.",
    ),
    never(
      "kubernetes-bindings-in-constructs",
      { path: "^lib/", pathNot: "^lib/constructs/" },
      { path: "(^|/)node_modules/(@cdktf|constructs)/" },
      "constructs and bindings belong to lib/constructs.",
    ),
    layer(
      "framework-imports-schema",
      "provider/framework",
      ["schema", "domain"],
      "The framework knows nothing of the wire, nor of any type.",
    ),
    never(
      "wire-stays-on-the-wire",
      { path: "^lib/", pathNot: "^lib/provider/((protocol|rpc|plugin)/|serve\\.ts$)" },
      { path: WIRE },
      "gRPC, Protocol Buffers and msgpack are for protocol, rpc and plugin.",
    ),
    never(
      "types-import-framework",
      {
        path: "^lib/provider/",
        pathNot: "^lib/provider/((framework|protocol|rpc|plugin)/|(serve|main)\\.ts$)",
      },
      { path: "^lib/provider/((protocol|rpc|plugin)/|(serve|main)\\.ts$)" },
      "A provider type, and what the types share, is written against the framework, never against the protocol.",
    ),
    layer(
      "protocol-imports-framework",
      "provider/protocol",
      ["provider/framework", "schema", "domain"],
      "protocol is codecs between the wire's form and the framework's.",
    ),
    never(
      "protocol-is-pure",
      { path: "^lib/provider/protocol/" },
      { path: "^(node:)?(fs|http|https|http2|net|tls|dgram|dns|child_process|process)(/|$)|(^|/)node_modules/@grpc/" },
      "A codec does no I/O.",
    ),
    never(
      "wire-knows-no-type",
      { path: "^lib/provider/((rpc|plugin)/|serve\\.ts$)" },
      { path: "^lib/(clients|issuers|constructs|cli|provider/(resources|data-sources|ephemeral|configuration))/" },
      "What serves a provider takes any definition: the stand-in for hashicorp/kubernetes is served by it too.",
    ),
    never(
      "provider-without-constructs",
      { path: "^lib/provider/" },
      { path: "^lib/((constructs|cli)/|index\\.ts$)" },
      "The provider is a program of its own.",
    ),
    layer(
      "cli-imports-clients",
      "cli",
      ["clients", "schema", "domain"],
      "The command line reads plans and clusters; it is not the provider.",
    ),
    never(
      "lib-stands-alone",
      { path: "^lib/" },
      { path: "^((test|sandbox|scripts|bench|examples)/|main\\.ts$)" },
      "What is published needs nothing around it.",
    ),
    never(
      "lib-without-dev-dependencies",
      // The provider and the command line are published as bundles, which hold what they need.
      { path: "^lib/", pathNot: "^lib/(provider|clients|issuers|cli)/" },
      { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["npm", "npm-peer"] },
      "What is published names its dependencies.",
    ),
    never(
      "emulator-without-clients",
      { path: "^sandbox/emulators/" },
      { path: "^lib/(clients|issuers|provider|constructs|cli)/" },
      "An emulator that shares code with the client it serves hides its bugs.",
    ),
    never(
      "sandbox-without-tests",
      { path: "^(sandbox|scripts)/" },
      { path: "^test/" },
      "Tests use the sandbox, not the other way.",
    ),
    never("no-cycles", {}, { circular: true }, "Two files that need each other are one concept, or miss a third."),
    never("resolvable", {}, { couldNotResolve: true }, "Every import leads somewhere."),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|cdktf\\.out)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
