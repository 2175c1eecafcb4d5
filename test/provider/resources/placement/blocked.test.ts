import { ClientError } from "../../../../lib/clients/client-error";
import { isBlocked } from "../../../../lib/provider/resources/placement/blocked";

const forbidden = (words: string) => new ClientError("forbidden", `PUT https://c/api: 403 Forbidden: ${words}`, { status: 403 });

const cases: { readonly [name: string]: { readonly error: unknown; readonly blocked: boolean } } = {
  "a quota": { error: forbidden('secrets "pull" is forbidden: exceeded quota: q, requested: count/secrets=1'), blocked: true },
  "a webhook": { error: forbidden('admission webhook "w.example.com" denied the request: no'), blocked: true },
  "a namespace that is being deleted": {
    error: forbidden('secrets "pull" is forbidden: unable to create new content in namespace a because it is being terminated'),
    blocked: true,
  },
  "what the API server takes for invalid": { error: new ClientError("invalid", "422", { status: 422 }), blocked: true },
  "the caller's rights": {
    error: forbidden(
      'secrets "pull" is forbidden: User "u" cannot update resource "secrets" in API group "" in the namespace "a"',
    ),
    blocked: false,
  },
  "a failed service": { error: new ClientError("server_error", "503", { status: 503 }), blocked: false },
};

it.each(Object.entries(cases))("blocked, or not, by %s", (_, { error, blocked }) => expect(isBlocked(error)).toBe(blocked));
