import { ClientError } from "../../../../lib/clients/client-error";
import { exportedBy, refreshedBy } from "../../../../lib/provider/resources/issued-credential/model";

test("fails when the issuer does not say what a credential is good for: as a message at the issuer, and no bug", async () => {
  const refused = new ClientError("forbidden", "GET https://127.0.0.1: 403 Forbidden", { status: 403 });
  await expect(exportedBy({ kind: "openshift" }, () => Promise.reject(refused))).rejects.toMatchObject({
    diagnostics: [
      {
        summary: "Not allowed",
        path: ["issuer"],
        detail: expect.stringContaining("What the ServiceAccount token is good for could not be read: GET https://127.0.0.1"),
      },
    ],
  });
});

test("a refresh that may not read it says so, and the state keeps what it had; every other failure is an error", async () => {
  const refused = new ClientError("forbidden", "GET https://127.0.0.1: 403 Forbidden", { status: 403 });
  const said: unknown[] = [];
  const report = (warning: unknown) => void said.push(warning);
  expect(await refreshedBy({ kind: "openshift" }, () => Promise.reject(refused), report)).toEqual({});
  expect(said).toMatchObject([{ severity: "warning", detail: expect.stringContaining("403 Forbidden. It stays in the state") }]);
  const failed = new ClientError("server_error", "GET https://127.0.0.1: 503", { status: 503 });
  await expect(refreshedBy({ kind: "openshift" }, () => Promise.reject(failed), report)).rejects.toMatchObject({
    diagnostics: [{ summary: "The service failed" }],
  });
});
