/** A provider for tests: it keeps its things in a JSON file, and has one of every kind of attribute. */
import type { TypeSchema } from "../../../lib/schema/attribute";

export const TOY_PROVIDER: TypeSchema = {
  name: "toy",
  kind: "provider",
  description: "A toy.",
  attributes: {
    file: { type: "string", presence: "required", description: "Where things are kept." },
  },
};

export const TOY_THING: TypeSchema = {
  name: "toy_thing",
  kind: "resource",
  version: 1,
  description: "A thing.",
  attributes: {
    id: { type: "string", presence: "computed", description: "Drawn at creation." },
    kind: { type: "string", presence: "required", requiresReplace: true, description: "Another kind is another thing." },
    size: {
      type: "number",
      presence: "optional_computed",
      default: 3,
      description: "How big.",
      check: (value, path) =>
        Number(value) < 0
          ? { path, summary: "Invalid size", detail: `The size ${value} is negative. Allowed are 0 and more.` }
          : undefined,
    },
    tags: { type: { set: "string" }, presence: "optional", description: "Words." },
    copy_of: { type: "string", presence: "optional", description: "Another thing's id." },
    parts: {
      nesting: "list",
      presence: "optional",
      description: "Parts of it.",
      attributes: {
        name: { type: "string", presence: "required", description: "What it is called." },
        password_wo: { type: "string", presence: "optional", writeOnly: true, sensitive: true, description: "Its password." },
        length: { type: "number", presence: "computed", description: "The password's length; it stands for a fingerprint." },
      },
    },
    targets: {
      nesting: "map",
      presence: "optional",
      description: "Where it is.",
      attributes: {
        weight: { type: "number", presence: "optional", description: "How heavy." },
        status: { type: "string", presence: "computed", description: "How it is." },
      },
    },
  },
  rules: [
    (config) =>
      config.copy_of === "self"
        ? [{ path: ["copy_of"], summary: "Copy of itself", detail: "A thing can't be a copy of itself." }]
        : [],
  ],
};

export const TOY_FILE: TypeSchema = {
  name: "toy_file",
  kind: "data source",
  description: "What is kept.",
  attributes: {
    id: { type: "string", presence: "optional", description: "One thing." },
    total: { type: "number", presence: "computed", description: "How many things there are." },
    kinds: { type: { map: "string" }, presence: "computed", description: "Their kinds by id." },
  },
};

export const TOY_PASSWORD: TypeSchema = {
  name: "toy_password",
  kind: "ephemeral resource",
  description: "A password for one run.",
  attributes: {
    length: { type: "number", presence: "required", description: "How long." },
    value: { type: "string", presence: "computed", sensitive: true, description: "The password." },
  },
};

export const TOY_TROUBLE: TypeSchema = {
  name: "toy_trouble",
  kind: "resource",
  description: "Goes wrong as asked.",
  attributes: {
    mode: {
      type: "string",
      presence: "required",
      description: "`throw`, `throw-later`, `hang`, `undo`, `reject`, `depart`, `misfit` or `unknown`.",
    },
    outcome: { type: "string", presence: "computed", description: "Set where it went right." },
  },
};

export const TOY_LEGACY: TypeSchema = {
  name: "toy_legacy",
  kind: "resource",
  description: "Blocks, as old providers have them.",
  attributes: {
    id: { type: "string", presence: "computed", description: "An id." },
    extra: { type: "dynamic", presence: "optional", description: "Anything." },
  },
  blocks: {
    metadata: {
      nesting: "list",
      minItems: 1,
      maxItems: 1,
      attributes: {
        name: { type: "string", presence: "required", description: "A name." },
        uid: { type: "string", presence: "computed", description: "Drawn at creation." },
      },
      blocks: {
        port: {
          nesting: "set",
          attributes: {
            number: { type: "number", presence: "required", description: "A port." },
            protocol: { type: "string", presence: "optional_computed", default: "TCP", description: "A protocol." },
          },
        },
      },
    },
  },
};
