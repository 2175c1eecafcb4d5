/**
 * Unit tests anywhere under test/ run side by side, those of the constructs once more on cdktf's successor, and with them the fuzz
 * tests (not in `npm run check`: they take minutes); end-to-end tests under test/e2e run two at a time, in the same run, so
 * that one summary counts all.
 */
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const transform = { "^.+\\.ts$": ["ts-jest", { diagnostics: false }] };
const shared = {
  testEnvironment: "node",
  transform,
  moduleFileExtensions: ["ts", "js", "json", "node"],
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  setupFilesAfterEnv: ["<rootDir>/scripts/jest/patience.js"],
};
const e2eSetup = join(__dirname, "test/e2e/global-setup.ts");

module.exports = {
  maxWorkers: "100%",
  reporters: ["default", "<rootDir>/scripts/jest/count-reporter.js"],
  projects: [
    {
      ...shared,
      displayName: "unit",
      globals: { CDK_CORE: "cdktf" },
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["<rootDir>/test/e2e/", "<rootDir>/test/fuzz/"],
    },
    {
      ...shared,
      displayName: "fuzz",
      testMatch: ["<rootDir>/test/fuzz/**/*.test.ts"],
    },
    {
      ...shared,
      displayName: "cdktn",
      globals: { CDK_CORE: "cdktn" },
      testMatch: ["<rootDir>/test/constructs/**/*.test.ts"],
      // Also where @cdktf/provider-kubernetes imports cdktf: there is one core in a program.
      moduleNameMapper: { "^cdktf$": "cdktn", "^cdktf/(.*)$": "cdktn/$1" },
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      runner: "<rootDir>/scripts/jest/pair-runner.js",
      ...(existsSync(e2eSetup) ? { globalSetup: e2eSetup } : {}),
    },
  ],
};
