import type { WirePath } from "../../../lib/provider/protocol/messages";
import { formatAttributePath, parseAttributePath } from "../../../lib/provider/protocol/path";
import { tfplugin6 } from "../../../lib/provider/protocol/tfplugin6";
import type { TypeSchema } from "../../../lib/schema/attribute";

const schema: TypeSchema = {
  name: "toy",
  kind: "resource",
  description: "",
  attributes: {
    hosts: { type: { list: "string" }, presence: "optional", description: "" },
    targets: { type: { map: "string" }, presence: "optional", description: "" },
  },
};

test.each([[["hosts", 0]], [["hosts", 2]], [["targets", "team-a"]], [["hosts"]]])("the path %j survives the wire", (path) => {
  const codec = tfplugin6("AttributePath");
  expect(parseAttributePath(codec.decode(codec.encode(formatAttributePath(path, schema))) as WirePath)).toEqual(path);
});

test("an index of 0 is written, and not left out as a default", () => {
  expect(
    tfplugin6("AttributePath")
      .encode(formatAttributePath(["hosts", 0], schema))
      .toString("hex"),
  ).toMatch(/1800$/);
});
