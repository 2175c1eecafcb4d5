import crypto from "node:crypto";
import { createFingerprintVerifier, formatFingerprint } from "../../lib/domain/fingerprint";
import { Secret } from "../../lib/domain/secret";

const content = Secret.of('{"auths":{}}');
const salt = Buffer.alloc(16, 7);

/** Counts computations, and how many run at the same time, until its end. */
function watchComputations(): { readonly end: () => { readonly all: number; readonly most: number } } {
  const { scrypt } = crypto;
  let [running, all, most] = [0, 0, 0];
  const watched = jest.spyOn(crypto, "scrypt").mockImplementation(((
    content: string,
    own: Buffer,
    bytes: number,
    options: crypto.ScryptOptions,
    done: (error: Error | null, key: Buffer) => void,
  ) => {
    all++;
    most = Math.max(most, ++running);
    scrypt(content, own, bytes, options, (error, key) => {
      running--;
      done(error, key);
    });
  }) as typeof scrypt);
  return {
    end() {
      watched.mockRestore();
      return { all, most };
    },
  };
}

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

  it("computes one at a time: each takes 16 MiB as long as it runs", async () => {
    const { scrypt } = crypto;
    let [running, most] = [0, 0];
    const watched = jest.spyOn(crypto, "scrypt").mockImplementation(((...args: Parameters<typeof scrypt>) => {
      most = Math.max(most, ++running);
      const done = args.pop() as unknown as (error: Error | null, key: Buffer) => void;
      return scrypt(...(args as unknown as [string, Buffer, number, object]), (error, key) => {
        running--;
        done(error, key);
      });
    }) as typeof scrypt);
    const { matches } = createFingerprintVerifier(await formatFingerprint(Secret.of("a"), salt));
    expect(await Promise.all(["b", "a", "c", "d"].map((content) => matches(Secret.of(content))))).toEqual([
      false,
      true,
      false,
      false,
    ]);
    watched.mockRestore();
    expect([running, most]).toEqual([0, 1]);
  });

  it("computes once per distinct content, one at a time: each takes 16 MiB as long as it runs", async () => {
    const { matches } = createFingerprintVerifier(await formatFingerprint(Secret.of("a"), salt));
    const computations = watchComputations();
    const contents = ["b", "a", "c", "a", "b", "a"];
    expect(await Promise.all(contents.map((text) => matches(Secret.of(text))))).toEqual([false, true, false, true, false, true]);
    expect(computations.end()).toEqual({ all: 3, most: 1 });
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
