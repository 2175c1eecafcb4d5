import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { TarFile } from "./tar";

const NEEDED = [
  /^usr\/sbin\/nginx$/,
  /^etc\/nginx\/mime\.types$/,
  /^usr\/share\/nginx\/html\//,
  /^usr\/lib(?:64|x32)?\/(?:[^/]+-linux-[^/]+\/)?[^/]+\.so(?:\.[\d.]+)?$/,
];

/** As Docker Hub's image has it: port 80, the same page, logs to the container's output. */
const CONFIGURATION = `user nginx nginx;
worker_processes 1;
daemon off;
pid /run/nginx.pid;
error_log /dev/stderr notice;
events { worker_connections 128; }
http {
  include /etc/nginx/mime.types;
  access_log /dev/stdout;
  server {
    listen 80 default_server;
    root /usr/share/nginx/html;
  }
}
`;

/** How the image is started. */
export const NGINX_ENTRYPOINT = ["/usr/sbin/nginx"];

/**
 * The files of an image of nginx, from the unpacked files of Debian's packages. Debian has moved its libraries to /usr/lib over the
 * years, with links in their place; here they always lie there.
 */
export function nginxFiles(unpacked: string): TarFile[] {
  return [
    { path: "lib", link: "usr/lib", content: "" },
    { path: "lib64", link: "usr/lib64", content: "" },
    ...["run/", "tmp/", "var/lib/nginx/", "var/log/nginx/"].map((path) => ({ path, content: "" })),
    { path: "etc/passwd", content: "root:x:0:0:root:/:/bin/false\nnginx:x:101:101:nginx:/:/bin/false\n" },
    { path: "etc/group", content: "root:x:0:\nnginx:x:101:\n" },
    { path: "etc/nginx/nginx.conf", content: CONFIGURATION },
    ...walk(unpacked),
  ];
}

function walk(root: string, folder = ""): TarFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const from = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return walk(root, from);
      const path = from.replace(/^(lib(?:64|x32)?)\//, "usr/$1/");
      if (!NEEDED.some((pattern) => pattern.test(path))) return [];
      if (entry.isSymbolicLink()) return [{ path, content: "", link: readlinkSync(join(root, from)) }];
      const mode = path.startsWith("usr/sbin/") || path.includes(".so") ? 0o755 : 0o644;
      return [{ path, content: readFileSync(join(root, from)), mode }];
    });
}
