import { parseImagePath } from "../../../sandbox/open-horizon/agent/image-path";

const DIGEST = `sha256:${"0".repeat(64)}`;

test.each([
  ["us.icr.io/team/gps_amd64:1.2.3", { domain: "us.icr.io", path: "team/gps_amd64", reference: "1.2.3" }],
  [`127.0.0.1:5000/a/b@${DIGEST}`, { domain: "127.0.0.1:5000", path: "a/b", reference: DIGEST }],
  [`registry:5000/b:1@${DIGEST}`, { domain: "registry:5000", path: "b", reference: DIGEST }],
  ["registry:5000/b", { domain: "registry:5000", path: "b", reference: "latest" }],
  ["openhorizon/gps", { domain: "docker.io", path: "openhorizon/gps", reference: "latest" }],
  ["nginx:1", { domain: "docker.io", path: "library/nginx", reference: "1" }],
])("%s", (image, path) => {
  expect(parseImagePath(image)).toEqual(path);
});

test.each(["", "two words", "registry:5000/"])("fails when the image is %j", (image) => {
  expect(parseImagePath(image)).toBeUndefined();
});
