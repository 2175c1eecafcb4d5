import { checkPatternDefinition } from "../../domain/horizon/pattern-definition";
import type { Path, Problem } from "../../domain/problem";
import type { TypeSchema } from "../attribute";
import { timeouts } from "../timeouts";
import { definitionIsValid, keyName, published, publishing, signingKeyIsGivenOnce } from "./publishing";

function checkPatternName(value: string | number, path: Path): Problem | undefined {
  if (/^[^\s/]+$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid pattern name",
    detail: `${JSON.stringify(value)} is not a pattern's name: without '/' and blanks, such as "pattern-hello-amd64".`,
  };
}

/** `registry_horizon_pattern`. */
export const horizonPattern = {
  name: "registry_horizon_pattern",
  kind: "resource",
  description:
    "A deployment pattern of Open Horizon: which services run on the edge nodes that register with it (`hzn exchange pattern publish`). Checked, its overrides signed (RSA-PSS, SHA-256) and the public key stored with it; the services have to be there first.",
  attributes: {
    id: { type: "string", presence: "computed", identifies: true, description: "`<organization>/<pattern_id>`." },
    name: {
      type: "string",
      presence: "required",
      description: "The pattern's name, which hzn takes from the file's.",
      requiresReplace: true,
      check: checkPatternName,
    },
    definition: {
      type: "string",
      presence: "required",
      description:
        'The pattern\'s definition as JSON: `file("horizon/pattern.json")`, or `jsonencode({ … })`. Fields: `label`, `description`, `public`, `services`, `userInput`, `secretBinding`, `agreementProtocols`, `clusterNamespace`.',
    },
    ...publishing,
    key_name: keyName("pattern.public.pem"),
    pattern_id: {
      type: "string",
      presence: "computed",
      description: "The exchange's id in the organization: the name, some characters as `-`.",
    },
    ...published,
    timeouts: timeouts({ create: "5m", read: "2m", update: "5m", delete: "5m" }),
  },
  rules: [signingKeyIsGivenOnce, definitionIsValid(checkPatternDefinition)],
  importId: {
    format: "<pattern_id>",
    example: "pattern-hello-amd64",
    description:
      "The exchange's id without the organization (`hzn exchange pattern list`). `definition` is made of what the exchange holds. The plan publishes anew, in place, where the configured definition says something else or the signing key is another one.",
    check: checkPatternName,
  },
} as const satisfies TypeSchema;
