import { type EngineMessage, lockHolder, notLookedAt, verdictOnFailure } from "../../../lib/domain/drift/failure";
import { outcomeOf, worstOf } from "../../../lib/domain/drift/verdict";

const error = (summary: string, detail = ""): EngineMessage => ({ severity: "error", summary, detail });

const failures: { readonly [name: string]: readonly [readonly EngineMessage[], string] } = {
  "our provider can't reach the cluster": [[error("Unreachable", "The cluster at …")], "unreachable"],
  "hashicorp/kubernetes can't": [
    [error('Get "https://127.0.0.1:1/api": dial tcp 127.0.0.1:1: connect: connection refused')],
    "unreachable",
  ],
  "our provider's login is refused": [[error("Login refused", "The API server does not accept …")], "login_refused"],
  "hashicorp/kubernetes's login is": [[error("Unauthorized")], "login_refused"],
  "a backend's login has expired": [
    [error("Error refreshing state", "ExpiredToken: The provided token has expired.")],
    "login_refused",
  ],
  "somebody holds the lock": [
    [error("Error acquiring the state lock", "Error message: resource temporarily unavailable")],
    "locked",
  ],
  "the configuration is wrong": [[error("Unsupported argument", "…")], "failed"],
  "nobody says why": [[], "failed"],
  "a warning is no reason": [[{ ...error("Unreachable"), severity: "warning" }], "failed"],
  "the first reason counts": [[error("Login refused"), error("Unreachable")], "login_refused"],
};

test.each(Object.entries(failures))("fails when %s", (_, [messages, verdict]) => {
  expect(verdictOnFailure(messages)).toBe(verdict);
  expect(outcomeOf(verdictOnFailure(messages))).toBe("unknown");
});

test("warnings that say that something was not looked at", () => {
  const warning = (summary: string): EngineMessage => ({ severity: "warning", summary, detail: "" });
  const all = [
    warning("Pulls could not be looked at"),
    warning("Not seen"),
    warning("Unreachable"),
    warning("Certificate expires soon"),
    error("Unreachable"),
  ];
  expect(notLookedAt(all).map(({ summary }) => summary)).toEqual(["Pulls could not be looked at", "Not seen", "Unreachable"]);
});

test("who holds a lock", () => {
  const detail = [
    "Error message: resource temporarily unavailable",
    "Lock Info:",
    "  ID:        50e557cb-aeb0-7c9c-3a22-e1e86a8864c4",
    "  Path:      terraform.tfstate",
    "  Operation: OperationTypeApply",
    "  Who:       ci@runner-7",
    "  Version:   1.11.4",
    "  Created:   2026-11-23 04:07:40.443121837 +0000 UTC",
    "  Info:      ",
    "Terraform acquires a state lock to protect the state",
  ].join("\n");
  expect(lockHolder(detail)).toBe(
    "ci@runner-7 holds it for apply since 2026-11-23 04:07:40 UTC. Wait for it (--lock-timeout), or where that run died: force-unlock 50e557cb-aeb0-7c9c-3a22-e1e86a8864c4.",
  );
  expect(lockHolder("the bucket is not there")).toBeUndefined();
});

test("the most urgent verdict counts, and what is not known most of all", () => {
  expect(worstOf([])).toBe("in_sync");
  expect(worstOf(["expiring", "revoked", "edited"])).toBe("revoked");
  expect(worstOf(["revoked", "not_looked"])).toBe("not_looked");
  expect(outcomeOf("empty")).toBe("well");
  expect(outcomeOf("expiring")).toBe("drift");
});
