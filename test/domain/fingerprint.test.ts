import { createFingerprintVerifier, formatFingerprint } from "../../lib/domain/fingerprint";
import { Secret } from "../../lib/domain/secret";

const content = Secret.of('{"auths":{}}');
const salt = Buffer.alloc(16, 7);

describe("formatFingerprint", () => {
  it("names its cost and salt, and is the same for the same content", async () => {
    const text = await formatFingerprint(content, salt);
    expect(text).toMatch(/^scrypt\$16384\$8\$1\$BwcHBwcHBwcHBwcHBwcHBw\$[\w-]{43}$/);
    expect(await formatFingerprint(content, salt)).toBe(text);
  });

  it("differs by salt", async () => {
    expect(await formatFingerprint(content, Buffer.alloc(16, 8))).not.toBe(await formatFingerprint(content, salt));
  });
});

describe("createFingerprintVerifier", () => {
  it("tells the content from another", async () => {
    const { matches } = createFingerprintVerifier(await formatFingerprint(content, salt));
    expect([await matches(content), await matches(Secret.of("{}"))]).toEqual([true, false]);
  });

  it("computes once per distinct content", async () => {
    const { matches } = createFingerprintVerifier(await formatFingerprint(content, salt));
    await matches(content);
    const started = performance.now();
    for (let count = 0; count < 1000; count++) await matches(Secret.of(content.reveal()));
    expect(performance.now() - started).toBeLessThan(1000);
  });

  const cases: Record<string, string> = {
    "no fingerprint": "",
    "another function": "argon2$16384$8$1$BwcH$AAAA",
    "a cost that is no power of two": "scrypt$16000$8$1$BwcH$AAAA",
    "a cost that would take the machine down": "scrypt$16777216$255$1$BwcH$AAAA",
  };
  it.each(Object.entries(cases))("matches nothing for %s", async (_, text) => {
    expect(await createFingerprintVerifier(text).matches(content)).toBe(false);
  });
});
