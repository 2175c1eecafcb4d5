/** Unit tests anywhere under test/; end-to-end tests under test/e2e need the sandbox and run one at a time. */
const transform = { "^.+\\.ts$": ["ts-jest", { isolatedModules: true, diagnostics: false }] };
const shared = { testEnvironment: "node", transform, moduleFileExtensions: ["ts", "js", "json", "node"] };

module.exports = {
  projects: [
    { ...shared, displayName: "unit", testMatch: ["<rootDir>/test/**/*.test.ts"], testPathIgnorePatterns: ["<rootDir>/test/e2e/"] },
    { ...shared, displayName: "e2e", testMatch: ["<rootDir>/test/e2e/**/*.test.ts"] },
  ],
};
