/** `ORG/ID` of a service: its URL without scheme, what troubles a path as `-`, version and architecture. */
export function formServiceId(organization: string, url: string, version: string, arch: string): string {
  const plain = url.replace(/^[A-Za-z0-9+.-]*?:\/\//, "").replace(/[$!*,;/?@&~=%]/g, "-");
  return `${organization}/${plain}_${version}_${arch}`;
}
