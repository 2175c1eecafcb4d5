import { NOTHING } from "../main-job/cell";
import type { Proof } from "../systems/system";
import type { AgentRow } from "./agent/agent";

/** What an edge node could fetch, as a table. Nothing to fetch is not well: there is nothing that proves anything. */
export function toProof(rows: readonly AgentRow[]): Proof {
  const nothing = [{ state: "not_well", text: "the organization has no service" } as const, NOTHING, NOTHING, NOTHING, NOTHING];
  return {
    head: ["edge service", "signed by", "image", "login", "fetched"],
    rows:
      rows.length === 0
        ? [nothing]
        : rows.map(({ service, signature, image, login, pull }) => [
            { state: "nothing", text: service },
            signature,
            image,
            login,
            pull,
          ]),
  };
}
