import { readLibraries } from "../../../sandbox/node/packages";

it("readLibraries finds the shared libraries among a package's dependencies", () => {
  const depends = `nginx
  Depends: libc6
  Depends: libpcre2-8-0
 |Depends: libssl3
  Depends: zlib1g
  Depends: iproute2
  Depends: nginx-common
  Breaks: libnginx-mod-old
nginx-common
  Depends: <debconf-2.0>
    cdebconf
  Depends: libc6
`;
  expect(readLibraries(depends)).toEqual(["libc6", "libpcre2-8-0", "libssl3", "zlib1g"]);
});
