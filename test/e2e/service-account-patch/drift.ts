import type { ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, cluster, ENTRIES, entries, setEntries, stack } from "./setting";

/** Changes the annotation that says whose entries are whose; undefined takes it away. */
function setRegister(namespace: string, register: string | undefined): Promise<void> {
  return cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", ({ metadata, ...account }) => {
    const { [ENTRIES]: _, ...others } = metadata.annotations ?? {};
    const annotations = register === undefined ? others : { ...others, [ENTRIES]: register };
    return { ...account, metadata: { ...metadata, annotations } };
  });
}

/** Entries and the register that others changed. */
export function testDrift(): void {
  describe("registry_service_account_patch: drift", () => {
    it("a removed entry is seen by target, and repaired", async () => {
      await apply();
      await setEntries(B(), ["theirs"]);
      const { changes, text } = expectWell(await stack.plan());
      expect(changes).toEqual({ [ADDRESS]: ["update"] });
      expect(text).toMatch(new RegExp(`~ "${B()}/default" = \\{\\s+~ status = "missing" -> "in_sync"`));
      expectWell(await stack.apply());
      expect(await entries(B())).toEqual(["theirs", "pull"]);
    });

    it("a foreign entry is none, and is kept", async () => {
      await apply();
      await setEntries(B(), ["theirs", "pull"]);
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      expect(await entries(B())).toEqual(["theirs"]);
    });
  });

  describe("registry_service_account_patch: the register on the ServiceAccount", () => {
    it.each([
      ["taken away", undefined],
      ["broken", "{"],
    ])("%s is drift, and repaired", async (_, register) => {
      await apply();
      const before = (await cluster.serviceAccount(B()))?.metadata.annotations;
      await setRegister(B(), register);
      const { changes, text } = expectWell(await stack.plan());
      expect(changes).toEqual({ [ADDRESS]: ["update"] });
      expect(text).toMatch(new RegExp(`~ "${B()}/default" = \\{\\s+~ status = "edited" -> "in_sync"`));
      expectWell(await stack.apply());
      expect((await cluster.serviceAccount(B()))?.metadata.annotations).toEqual(before);
      expect(expectWell(await stack.plan()).changes).toEqual({});
    });

    it("taken away, destroy still takes our entries, and only those", async () => {
      await setEntries(B(), ["theirs"]);
      await apply({ pullSecrets: ["theirs", "pull"] });
      await setRegister(B(), undefined);
      expectWell(await stack.destroy());
      expect([await entries(A()), await entries(B())]).toEqual([undefined, ["theirs"]]);
    });

    it("elsewhere, as a killed apply leaves it, is planned to go", async () => {
      await apply({ namespaces: [A()] });
      await setEntries(B(), ["pull"]);
      await setRegister(B(), (await cluster.serviceAccount(A()))?.metadata.annotations?.[ENTRIES]);
      const { changes, text } = expectWell(await stack.plan());
      expect(changes).toEqual({ [ADDRESS]: ["update"] });
      expect(text).toContain(`- "${B()}/default"`);
      expectWell(await stack.apply());
      expect([await entries(A()), await entries(B())]).toEqual([["pull"], undefined]);
    });

    it("of an entry that somebody added once more: destroy takes one", async () => {
      await apply();
      await setEntries(B(), ["pull", "pull", "theirs"]);
      expectWell(await stack.destroy());
      expect(await entries(B())).toEqual(["pull", "theirs"]);
    });
  });
}
