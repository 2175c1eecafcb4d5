import { formatTokenDescription, nextNumber, parseTokenMark, type TokenMark } from "../../lib/domain/token-mark";

const mark: TokenMark = { owner: "project/stack", name: "ci", number: 3, keep: false, nonce: "00ff00ff00ff00ff" };
const TEXT = "[registry-access owner=project/stack name=ci number=3 nonce=00ff00ff00ff00ff]";

describe("formatTokenDescription", () => {
  const cases: Record<string, { description: string | null; keep: boolean; text: string }> = {
    "a description": { description: "for the cluster", keep: false, text: `for the cluster ${TEXT}` },
    "no description": { description: null, keep: false, text: TEXT },
    "a token that is kept": { description: null, keep: true, text: TEXT.replace("number=3", "number=3 keep=true") },
  };
  it.each(Object.entries(cases))("marks %s, and is read back", (_, { description, keep, text }) => {
    expect(formatTokenDescription(description, { ...mark, keep })).toBe(text);
    expect(parseTokenMark(text)).toEqual({ ...mark, keep });
  });
});

describe("parseTokenMark", () => {
  const cases: Record<string, string> = {
    "a plain description": "ci",
    "a mark that is not at the end": `${TEXT} and more`,
    "a mark glued to a word": `x${TEXT}`,
    "a number of 0": TEXT.replace("number=3", "number=0"),
    "keep that is not true": TEXT.replace("number=3", "number=3 keep=false"),
    "no nonce": TEXT.replace(/ nonce=\w+/, ""),
    nothing: "",
  };
  it.each(Object.entries(cases))("finds none in %s", (_, text) => {
    expect(parseTokenMark(text)).toBeUndefined();
  });
});

describe("nextNumber", () => {
  const other = (change: Partial<TokenMark>) => formatTokenDescription(null, { ...mark, ...change });
  const cases: Record<string, { descriptions: string[]; number: number }> = {
    "none yet": { descriptions: ["ci"], number: 1 },
    "the highest sibling's": { descriptions: [other({ number: 9 }), other({ number: 10 }), other({})], number: 11 },
    "others' left out": { descriptions: [other({ owner: "them", number: 7 }), other({ name: "cd", number: 8 })], number: 1 },
  };
  it.each(Object.entries(cases))("is one above %s", (_, { descriptions, number }) => {
    expect(nextNumber(descriptions, mark)).toBe(number);
  });
});
