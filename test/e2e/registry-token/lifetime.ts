import { expectWell } from "../support/terraform";
import {
  CREATE_FIRST,
  cluster,
  control,
  credentialId,
  living,
  namespace,
  provider,
  pullSecret,
  SECRET,
  stack,
  TOKEN,
  token,
  written,
} from "./setting";

/** A token that is gone or due, and rotation. */
export function testLifetime(): void {
  describe("registry_token: status", () => {
    const cases: {
      readonly [name: string]: {
        readonly happen: (id: string) => Promise<void>;
        readonly status: RegExp;
        readonly rest?: string;
      };
    } = {
      revoked: { happen: (id) => control.revoke(id), status: /status\s+= "revoked" -> "active" # forces replacement/ },
      deleted: { happen: (id) => control.expire(id), status: /status\s+= "deleted" -> "active" # forces replacement/ },
    };
    it.each(Object.entries(cases))("%s elsewhere is planned anew, with the reason", async (_, { happen, status }) => {
      stack.write(provider() + token(CREATE_FIRST) + pullSecret());
      expectWell(await stack.apply());
      const before = await written();
      await happen((await living())[0] ?? "");
      const { changes, text } = expectWell(await stack.plan());
      expect(changes).toEqual({ [TOKEN]: ["create", "delete"], [SECRET]: ["update"] });
      expect(text).toMatch(status);
      expectWell(await stack.apply());
      expect(await living()).toHaveLength(1);
      expect(await written()).not.toBe(before);
      expect(expectWell(await stack.plan()).changes).toEqual({});
    });

    it("renewal that is due is planned, refreshed or not", async () => {
      const hours = (count: number) => `permanent = false\n  renew_before_seconds = ${count * 3600}\n  ${CREATE_FIRST}`;
      stack.write(provider() + token(hours(1)));
      expectWell(await stack.apply());
      expect(expectWell(await stack.plan()).changes).toEqual({});
      stack.write(provider() + token(hours(30)));
      expect(expectWell(await stack.plan("-refresh=false")).changes).toEqual({ [TOKEN]: ["create", "delete"] });
      expect((await stack.apply()).messages).toMatchObject([{ summary: "A new registry token would be due at once" }]);
      expect(await living()).toHaveLength(1);
      stack.write(provider() + token(hours(2)));
      expect(expectWell(await stack.plan()).changes).toEqual({ [TOKEN]: ["update"] });
      expectWell(await stack.apply());
    });

    it("fails when the issuer can't be asked, and takes nothing for gone", async () => {
      stack.write(provider() + token());
      expectWell(await stack.apply());
      stack.env.BLUEMIX_API_KEY = "wrong";
      const { messages } = await stack.plan();
      expect(messages).toMatchObject([{ severity: "error", summary: "Login refused", address: TOKEN }]);
      expect(messages[0]?.detail).not.toContain("wrong");
    });
  });

  describe("registry_token: rotation", () => {
    it.each([
      ["destroy first", ""],
      ["create_before_destroy", CREATE_FIRST],
    ])("-replace, %s: every Secret is updated in place, and one token lives", async (_, rest) => {
      stack.write(provider() + token(rest) + pullSecret());
      expectWell(await stack.apply());
      const [before, value] = [await cluster.secret(namespace(), "pull"), await written()];
      expectWell(await stack.apply(`-replace=${TOKEN}`));
      const after = await cluster.secret(namespace(), "pull");
      expect(after?.metadata.uid).toBe(before?.metadata.uid);
      expect(await written()).not.toBe(value);
      expect((await living()).map((id) => `dedicated/${id}`)).toEqual([await credentialId()]);
      expect(expectWell(await stack.plan()).changes).toEqual({});
    });
  });
}
