import { commentMarker } from "../../../lib/domain/review/comment-marker";

const names: { readonly [name: string]: string } = {
  production: "<!-- registry-access: stack production -->",
  "infra/edge.eu_1": "<!-- registry-access: stack infra/edge.eu_1 -->",
  "two words": "<!-- registry-access: stack two words -->",
  "a-->b": "<!-- registry-access: stack a%2D%2D%3Eb -->",
  "a--b-": "<!-- registry-access: stack a%2D-b- -->",
  "100%\nä": "<!-- registry-access: stack 100%25%0A%C3%A4 -->",
  " -x ": "<!-- registry-access: stack %20-x%20 -->",
};

test.each(Object.entries(names))("the marker of %j", (name, marker) => {
  expect(commentMarker(name)).toBe(marker);
  expect(marker.slice(4, -3)).not.toMatch(/--|[<>]/);
});
