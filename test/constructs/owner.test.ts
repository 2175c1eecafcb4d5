import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultOwner } from "../../lib/constructs/owner";
import { newStack } from "./stack";

describe("the owner by default", () => {
  const cases = {
    "is the package's name and the stack": { files: { "package.json": { name: "shop" } }, expected: "shop/stack" },
    "has no @ of a scope": { files: { "package.json": { name: "@acme/shop" } }, expected: "acme/shop/stack" },
    "takes the project's id where there is no package": {
      files: { "cdktf.json": { projectId: "1a2b" } },
      expected: "1a2b/stack",
    },
  };
  test.each(Object.entries(cases))("%s", (_, { files, expected }) => {
    const folder = mkdtempSync(join(tmpdir(), "owner-"));
    try {
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
      mkdirSync(join(folder, "deep"));
      expect(defaultOwner(newStack(), join(folder, "deep"))).toBe(expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const failing = {
    "fails when the package's name makes none": {
      content: JSON.stringify({ name: "-" }),
      says: /^\[stack\] Invalid owner\. It is made of the package's name "-" and the stack "stack", since none was given\. .* Set it by the prop owner\.$/,
    },
    "fails when package.json is broken": {
      content: "{",
      says: /^The owner is made of the package's name, and .*package\.json can't be read: .* Mend the file, or set the prop owner\.$/,
    },
  };
  test.each(Object.entries(failing))("%s", (_, { content, says }) => {
    const folder = mkdtempSync(join(tmpdir(), "owner-"));
    try {
      writeFileSync(join(folder, "package.json"), content);
      expect(() => defaultOwner(newStack(), folder)).toThrow(says);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
