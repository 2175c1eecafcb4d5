import crypto from "node:crypto";
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

  it("computes once per distinct content until it is found, and lets others have their turn in between", async () => {
    const { matches } = createFingerprintVerifier(await formatFingerprint(Secret.of("a"), salt));
    const computations = jest.spyOn(crypto, "scryptSync");
    let turns = 0;
    const others = setInterval(() => turns++, 1);
    const contents = ["b", "a", "c", "a", "b", "a"];
    expect(await Promise.all(contents.map((text) => matches(Secret.of(text))))).toEqual([false, true, false, true, false, true]);
    clearInterval(others);
    expect(computations).toHaveBeenCalledTimes(2);
    expect(turns).toBeGreaterThan(0);
    computations.mockRestore();
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
