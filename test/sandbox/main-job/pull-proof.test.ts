import { parsePublicImage } from "../../../sandbox/main-job/pull-proof";

describe("parsePublicImage", () => {
  const cases: { readonly [image: string]: ReturnType<typeof parsePublicImage> } = {
    nginx: { repository: "library/nginx", reference: "latest" },
    "nginx:1.27": { repository: "library/nginx", reference: "1.27" },
    "docker.io/bitnami/redis": { repository: "bitnami/redis", reference: "latest" },
    "docker.io/library/nginx@sha256:00": { repository: "library/nginx", reference: "sha256:00" },
    "registry.example/app": undefined,
    "localhost/app": undefined,
    "127.0.0.1:5000/team/app:1": undefined,
    "": undefined,
  };
  it.each(Object.keys(cases))("%j", (image) => {
    expect(parsePublicImage(image)).toEqual(cases[image]);
  });
});
