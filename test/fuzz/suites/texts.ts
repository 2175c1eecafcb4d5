import fc from "fast-check";
import { parseRetryAfter } from "../../../lib/clients/http/retry-policy";
import { checkCertificateText } from "../../../lib/domain/certificate-text";
import { faultOfCertificates, readCertificates } from "../../../lib/domain/certificates/certificate";
import { checkServerName } from "../../../lib/domain/certificates/server-name";
import { checkSha256, normalizeSha256 } from "../../../lib/domain/certificates/sha256";
import { checkCredentialId, checkIssuerName, formatCredentialId, parseCredentialId } from "../../../lib/domain/credential-id";
import { checkDuration, parseDuration } from "../../../lib/domain/duration";
import { checkEnvironmentName } from "../../../lib/domain/environment-name";
import {
  checkImageReference,
  formatImageReference,
  type ImageReference,
  parseImageReference,
} from "../../../lib/domain/image-reference";
import { checkPatchImportId, checkPullSecretImportId } from "../../../lib/domain/import-id";
import { checkNamespaceName, checkObjectName, isLabelValue, isQualifiedName } from "../../../lib/domain/kubernetes-name";
import { checkProxyAddress } from "../../../lib/domain/proxy-address";
import { createRedactor } from "../../../lib/domain/redaction";
import { checkRegistryHost } from "../../../lib/domain/registry-host";
import { formatTokenDescription, nextNumber, parseTokenMark } from "../../../lib/domain/token-mark";
import type { Check } from "../../../lib/schema/attribute";
import { growing, growingText, pumpOf } from "../support/growth";
import { type FuzzSuite, property } from "../support/property";
import { anyText, ensure, record, registryHost, same, wordsOf } from "../support/texts";

const IMAGE_WORDS = [
  "a",
  "B",
  "0",
  "nginx",
  "docker.io",
  "index.docker.io",
  "localhost",
  "/",
  ":",
  "@",
  ".",
  "_",
  "__",
  "-",
  "[::1]",
  "5000",
  "latest",
  "sha256",
  "library",
  " ",
  "://",
];
const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
const imagePart = fc.stringMatching(/^[a-z0-9]{1,8}((\.|__?|-{1,3})[a-z0-9]{1,8}){0,2}$/);
const image: fc.Arbitrary<ImageReference> = fc
  .tuple(
    registryHost.map((host) => (host === "index.docker.io" ? "docker.io" : host)),
    fc.array(imagePart, { minLength: 2, maxLength: 4 }).map((parts) => parts.join("/")),
    fc.oneof(
      fc.constant({}),
      fc.stringMatching(/^\w[\w.-]{0,127}$/).map((tag) => ({ tag })),
    ),
    fc.oneof(
      fc.constant({}),
      hex.map((digits) => ({ digest: `sha256:${digits}` })),
    ),
  )
  .map(([host, repository, tag, digest]) => ({ host, repository, ...tag, ...digest }));

const word = fc.stringMatching(/^[^\s[\]]{1,20}$/);
const mark = record({
  owner: word,
  name: word,
  number: fc.integer({ min: 1, max: 999_999_999_999_999 }),
  keep: fc.boolean(),
  nonce: fc.stringMatching(/^[0-9a-f]{16}$/),
});

/** A root that signed itself, and is no secret. */
const CERTIFICATE = [
  "-----BEGIN CERTIFICATE-----",
  "MIIBczCCARmgAwIBAgIUHzHQA22IwplGcEznDVrITdlAc4AwCgYIKoZIzj0EAwIw",
  "DzENMAsGA1UEAwwEZnV6ejAeFw0yNjExMjIxOTU4MTNaFw0zNjExMTkxOTU4MTNa",
  "MA8xDTALBgNVBAMMBGZ1enowWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASqEw5E",
  "/srE0FI35I17aQmT/uINFH4W0UaFbCdpzNfTTfMRtnjaXCQ8XpGF7uI4KqFc002p",
  "4dJmNtRmRiRbAeI9o1MwUTAdBgNVHQ4EFgQUxDKiSiTBL0zxBPP9zOiHnec5rUMw",
  "HwYDVR0jBBgwFoAUxDKiSiTBL0zxBPP9zOiHnec5rUMwDwYDVR0TAQH/BAUwAwEB",
  "/zAKBggqhkjOPQQDAgNIADBFAiBEk+Kc5j5i9Ztq+d372WbHW3NLEX8VWRlhhN6P",
  "WVMttgIhAJTJP8pkjEs6ZdhD3HY6l9ecanhVOIYPLK69fv1Zf+1V",
  "-----END CERTIFICATE-----",
].join("\n");

/** Everything that looks at one text of a configuration. */
const CHECKS: { readonly [name: string]: Check } = {
  checkRegistryHost,
  checkImageReference,
  checkCredentialId,
  checkIssuerName,
  checkDuration,
  checkEnvironmentName,
  checkNamespaceName,
  checkObjectName,
  checkCertificateText,
  checkProxyAddress,
  checkServerName,
  checkSha256,
};
const NOW = Date.UTC(2026, 0, 1);

/** Everything that reads one text, but for image references. */
const READERS: { readonly [name: string]: (text: string) => unknown } = {
  ...Object.fromEntries(
    Object.entries(CHECKS)
      .filter(([name]) => name !== "checkImageReference")
      .map(([name, check]) => [name, (text: string) => check(text, [])]),
  ),
  checkPullSecretImportId: (text) => checkPullSecretImportId(text, []),
  checkPatchImportId: (text) => checkPatchImportId(text, []),
  parseTokenMark,
  parseCredentialId,
  isQualifiedName,
  isLabelValue,
  parseDuration,
  faultOfCertificates,
  normalizeSha256,
  parseRetryAfter: (text) => parseRetryAfter(text, NOW),
};
const anyPump = pumpOf(
  ..."a-._:/0[]@=A ,%\n\t",
  "1h",
  "-----BEGIN CERTIFICATE-----",
  "[registry-access ",
  "name=",
  "http://",
  "REGISTRY_",
);
const SECRET_WORDS = [
  ..."a-._:/\"\\= '{\n@,;%",
  "eyJ",
  "basic ",
  "password",
  "https://",
  "cookie: ",
  "-----BEGIN PRIVATE KEY-----",
  "token=",
];

/** Parsers of one line of text. */
export const texts: FuzzSuite = {
  name: "texts",
  properties: [
    property("an image reference in full is read as it was written", 6_000, image, (parts) => {
      same(parseImageReference(formatImageReference(parts)), parts, "read");
    }),
    property("an image reference is refused, or stands in full", 8_000, fc.oneof(wordsOf(...IMAGE_WORDS), anyText), (text) => {
      const parsed = parseImageReference(text);
      same(parsed === undefined, checkImageReference(text, []) !== undefined, "parse and check agree");
      if (parsed === undefined) return;
      const full = formatImageReference(parsed);
      same(parseImageReference(full), parsed, "read again");
      ensure(parsed.repository.length <= 255 && parsed.host !== "index.docker.io", "within the grammar");
      ensure(!parsed.repository.includes("@") && parsed.repository === parsed.repository.toLowerCase(), "a repository");
    }),
    property(
      "a registry host that passes is one of an image, and one of a URL",
      4_000,
      fc.oneof(registryHost, wordsOf("a", ".", "-", ":", "5000", "[", "]", "::1", "0"), anyText),
      (host) => {
        if (checkRegistryHost(host, []) !== undefined) return;
        ensure(URL.canParse(`https://${host}/v2/`), `${host} makes no URL`);
        same(parseImageReference(`${host}/a/b`)?.repository, "a/b", "as an image's");
      },
    ),
    property(
      "no check of a text throws, and a problem has a path and a sentence",
      6_000,
      fc.tuple(fc.constantFrom(...Object.keys(CHECKS)), anyText),
      ([name, text]) => {
        const problem = CHECKS[name]?.(text, ["a", 0]);
        if (problem === undefined) return;
        same(problem.path, ["a", 0], "path");
        ensure(problem.summary.length > 0 && problem.detail.trim().length > 20, "a sentence");
        ensure(
          !(name === "checkEnvironmentName" && text.length > 8 && problem.detail.includes(text)),
          "shows what may be a password",
        );
      },
    ),
    property(
      "a redactor masks what it was told in any text",
      3_000,
      fc.tuple(fc.stringMatching(/^[!-~]{8,30}$/), anyText, anyText),
      ([secret, before, after]) => {
        const redactor = createRedactor();
        redactor.remember(secret);
        const said = redactor.text(`${before} ${secret} ${Buffer.from(secret).toString("base64")} ${after}`);
        ensure(!said.includes(secret), "the secret is still there");
      },
    ),
    property(
      "a duration is a number of milliseconds that a timer takes",
      6_000,
      fc.oneof(wordsOf("1", "0", "9", ".", "h", "m", "s", "-"), anyText),
      (text) => {
        const milliseconds = parseDuration(text);
        if (milliseconds === undefined) return;
        ensure(Number.isInteger(milliseconds) && milliseconds >= 0, `${milliseconds} ms`);
        if (checkDuration(text, []) === undefined) ensure(milliseconds > 0, "above zero");
      },
    ),
    property(
      "Retry-After is a time from now, or nothing",
      5_000,
      fc.oneof(
        wordsOf("1", "0", "-", ".", "e", " ", "Fri, 31 Dec 2027 23:59:59 GMT", "GMT", "Jan", ":"),
        fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toUTCString()),
        anyText,
      ),
      (text) => {
        const wait = parseRetryAfter(text, NOW);
        ensure(wait === undefined || wait >= 0, `${wait}`);
        if (/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/.test(text)) same(wait, Math.max(0, Date.parse(text) - NOW), "a date");
        else ensure(wait === undefined || /^\s*\d+\s*$|\d\d:\d\d:\d\d (GMT|\d{4})\s*$/i.test(text), "neither seconds nor a date");
      },
    ),
    property(
      "a registry token's mark is read as it was written",
      4_000,
      fc.tuple(fc.option(anyText), mark),
      ([description, written]) => {
        same({ ...parseTokenMark(formatTokenDescription(description, written)) }, written, "read");
      },
    ),
    property(
      "a registry token's next number is above every sibling's, and is read again",
      3_000,
      fc.tuple(
        fc.array(
          fc.oneof(
            anyText,
            mark.map((one) => formatTokenDescription(null, one)),
            wordsOf("[registry-access", " owner=", "a", " name=", " number=", "1", " keep=true", " nonce=", "]"),
          ),
          { maxLength: 5 },
        ),
        mark,
      ),
      ([listed, own]) => {
        const descriptions = [...listed, formatTokenDescription("d", own)];
        const number = nextNumber(descriptions, own);
        ensure(
          descriptions.every((text) => {
            const found = parseTokenMark(text);
            return found === undefined || found.owner !== own.owner || found.name !== own.name || found.number < number;
          }),
          "above",
        );
      },
    ),
    property(
      "a credential id is read as it was written",
      3_000,
      fc.tuple(
        fc.stringMatching(/^[A-Za-z0-9_][\w.-]{0,10}$/),
        anyText.filter((text) => text !== ""),
      ),
      ([issuer, id]) => {
        same({ ...parseCredentialId(formatCredentialId({ issuer, id })) }, { issuer, id }, "read");
      },
    ),
    property(
      "a credential id is refused, or is written as it was read",
      3_000,
      fc.oneof(wordsOf("a", "/", ".", " "), anyText),
      (text) => {
        const parsed = parseCredentialId(text);
        same(parsed === undefined, checkCredentialId(text, []) !== undefined, "parse and check agree");
        if (parsed !== undefined) same(formatCredentialId(parsed), text, "written");
      },
    ),
    property(
      "certificates are read out of any text, or a fault is named",
      2_000,
      fc.oneof(
        wordsOf("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "\n", "MIIB", "AAAA", "=", CERTIFICATE),
        anyText,
      ),
      (text) => {
        const read = readCertificates(text);
        if (faultOfCertificates(text) === undefined) ensure(read.length > 0, "certificates");
        for (const { sha256, pem } of read) {
          same(sha256, normalizeSha256(sha256), "SHA-256");
          same(readCertificates(pem)[0]?.sha256, sha256, "read again");
        }
      },
    ),
    growingText("an image reference", 400, pumpOf(...IMAGE_WORDS, "a@", "A", "\u00e9", "_a", "-a", ".a"), (text) => {
      checkImageReference(text, []);
      parseImageReference(text);
    }),
    ...Object.entries(READERS).map(([name, read]) => growingText(name, 60, anyPump, read)),
    growingText("a text whose secrets are masked", 200, pumpOf(...SECRET_WORDS), (text) => createRedactor().text(text)),
    growing(
      "a registry token's next number",
      40,
      mark,
      (own, size) => Array.from({ length: size / 64 }, (_, number) => formatTokenDescription("d", { ...own, number })),
      (descriptions) => nextNumber(descriptions, { owner: "a", name: "b" }),
    ),
  ],
};
