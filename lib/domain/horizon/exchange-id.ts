/** What the exchange replaces in the ids of services and patterns. */
const TROUBLESOME = /[$!*,;/?@&~=%]/g;

/** What makes one service another: the exchange's id follows from it. */
export interface ServiceIdentity {
  readonly url: string;
  readonly version: string;
  readonly arch: string;
}

/** A service's id in its organization, by hzn's rule (anax cutil, exchange-api): `url_version_arch`, without scheme, some characters as `-`. */
export function formatServiceId({ url, version, arch }: ServiceIdentity): string {
  return `${formatPatternId(url.replace(/^[A-Za-z0-9+.-]*?:\/\//, ""))}_${version}_${arch}`;
}

/** A pattern's id in its organization, by hzn's rule: its name, some characters as `-`. */
export function formatPatternId(name: string): string {
  return name.replace(TROUBLESOME, "-");
}
