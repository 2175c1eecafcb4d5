import { formatMemory, parseMemory } from "../../../../lib/provider/resources/service-account-patch/memory";

describe("memory", () => {
  it("comes back as it was; targets without names are left out", () => {
    const data = formatMemory(
      new Map([
        ["a/default", ["pull", "more"]],
        ["b/default", []],
      ]),
    );
    expect(data).toEqual({ "a/default": "pull more" });
    expect([...parseMemory(data)]).toEqual([["a/default", ["pull", "more"]]]);
  });
  it("remembers nothing where there is nothing, or something else", () => {
    expect([[...parseMemory(null)], [...parseMemory({ other: 1 })]]).toEqual([[], []]);
  });
});
