import { REDACTED } from "./secret";

/** Field, header and variable names whose value is a secret, compared in lower case without `-`, `_` and `.`. */
const SECRET_NAME = new RegExp(
  `^(?:${[
    "(?:proxy)?authorization",
    "(?:set)?cookie",
    ".*password(?:wo)?",
    "passwd|passcode|passphrase",
    ".*apikey",
    "(?:client)?secret",
    "x?(?:access|refresh|id|identity|oauth|bearer|registry|auth|private|csrf)?tokens?",
    "(?:client|private)key(?:data)?",
    "(?:x?registry)?auth",
    "dockerconfigjson|dockercfg|stringdata",
    "credentials",
  ].join("|")})$`,
);

/** True for the name of a field, header or parameter that holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replace(/[-_.]/g, ""));
}

// Texts come from services and may be long: every pattern is bounded, or has one place to start in each run of characters.
const PEM_KEY = /-----BEGIN ([A-Z ]{0,40}PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g;
const JWT = /(?<![\w-])eyJ[\w-]{4,}\.[\w-]+\.[\w-]*/g;
const AUTHORIZATION = /\b(basic|bearer)(\s{1,8}|%20|\+)[\w.~+/=%-]{4,}/gi;
const USERINFO = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"']{0,300}:)[^\s/@"']+@/gi;
/** `"password": "…"`, `'password': '…'`, and `\"auth\":\"…\"` in a JSON text that is quoted in another. */
const QUOTED_FIELD = /(\\{0,8}["'])([\w.-]{1,100})\1(\s{0,8}:\s{0,8})\1([\s\S]*?)(?<!\\)\1/g;
/** `"pin": 1234`: a secret may be a number. */
const NUMBER_FIELD = /(\\{0,8}["'])([\w.-]{1,100})\1(\s{0,8}:\s{0,8})-?\d[\w.+-]*/g;
/** `password: …` in YAML, `X-Auth-Token: …` as a header; not "may require authorization: server message: …", containerd's words of every denied pull. */
const PLAIN_FIELD =
  /(?<![^\s{,;])([\w.-]{1,100}):([ \t]{1,8})(?!(?:basic|bearer)\s|\[redacted\]|server message:)([^\s,;{}"'][^\s,;}]*)/gi;
/** Names that are also words of a sentence: "Public registries need no pull secret: leave the resource out." */
const WORD = /^(?:secret|tokens?|credentials|auth)$/i;
/** The beginning of a line, of an item or of a list: where a field stands, and no sentence goes on. */
const FIELD_START = /(?:^|[\n{,;])[ \t]*(?:- )?$/;
/** A permission by its name, as the exchange says which one a user lacks: "'acme/eve' does not have authorization: WRITE_ALL_SERVICES". No token is words of capitals alone. */
const PERMISSION = /^[A-Z]{2,20}(?:_[A-Z]{2,20}){1,6}["'.)]{0,3}$/;
/** What stands before it. A header's name never follows these words. */
const LACKS = /\bdoes not have $/;
/** A header that holds more than one word. */
const COOKIE = /(?<![\w-])((?:set-)?cookie):[ \t]{0,8}[^\r\n]+/gi;
/** `api_key=…` in a query, a form or an environment. */
const FORM_FIELD = /(?<![^?&\s{,;])([\w.-]{1,100})=([^&\s"']+)/g;

/** A text without what looks like a secret. */
export function maskPatterns(text: string): string {
  return text
    .replace(PEM_KEY, REDACTED)
    .replace(QUOTED_FIELD, (whole, quote: string, name: string, colon: string) =>
      isSecretName(name) ? `${quote}${name}${quote}${colon}${quote}${REDACTED}${quote}` : whole,
    )
    .replace(NUMBER_FIELD, (whole, quote: string, name: string, colon: string) =>
      isSecretName(name) ? `${quote}${name}${quote}${colon}${quote}${REDACTED}${quote}` : whole,
    )
    .replace(COOKIE, `$1: ${REDACTED}`)
    .replace(AUTHORIZATION, (_, scheme: string) => `${scheme} ${REDACTED}`)
    .replace(JWT, REDACTED)
    .replace(USERINFO, `$1${REDACTED}@`)
    .replace(PLAIN_FIELD, (whole, name: string, space: string, value: string, at: number, all: string) => {
      const before = all.slice(Math.max(0, at - 40), at);
      if (LACKS.test(before) && PERMISSION.test(value)) return whole;
      const isField = !WORD.test(name) || FIELD_START.test(before);
      return isField && isSecretName(name) ? `${name}:${space}${REDACTED}` : whole;
    })
    .replace(FORM_FIELD, (whole, name: string) => (isSecretName(name) ? `${name}=${REDACTED}` : whole));
}
