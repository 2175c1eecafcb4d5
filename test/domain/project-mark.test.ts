import { formatProjectDescription, parseProjectMark, projectDescriptionBefore } from "../../lib/domain/project-mark";

const mark = { owner: "shop/production", instance: "00ff" };

test.each([
  [null, "[registry-access owner=shop/production instance=00ff]"],
  ["images of the shop", "images of the shop [registry-access owner=shop/production instance=00ff]"],
])("a description %j carries the mark", (description, text) => {
  expect(formatProjectDescription(description, mark)).toBe(text);
  expect(parseProjectMark(text)).toEqual(mark);
  expect(projectDescriptionBefore(text)).toBe(description);
});

test("a description that somebody wrote has none", () => {
  expect(parseProjectMark("images [registry-access owner=shop]")).toBeUndefined();
  expect(projectDescriptionBefore("images")).toBe("images");
});
