import { formatPath, type Path } from "../../lib/domain/problem";

describe("formatPath", () => {
  const cases: Record<string, { path: Path; text: string }> = {
    "an attribute": { path: ["namespaces"], text: "namespaces" },
    "an element of a nested list": { path: ["registries", 0, "hosts", 1], text: "registries[0].hosts[1]" },
    "a map key that is no identifier": { path: ["targets", "team a"], text: 'targets["team a"]' },
    nothing: { path: [], text: "" },
  };
  it.each(Object.entries(cases))("renders %s", (_, { path, text }) => {
    expect(formatPath(path)).toBe(text);
  });
});
