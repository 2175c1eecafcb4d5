import { rmSync } from "node:fs";
import { join } from "node:path";
import { type SecretSource, searchSecrets, textSource } from "../../support/secret-search";
import { photograph, takeLog } from "../support/evidence";
import { watchArguments } from "../support/process-arguments";
import { createStack, type Run, removeStack } from "../support/terraform";
import { CORE, type OpenSetting, provider, REQUESTS } from "./setting";

const STANDING = "secretless-standing";

/** No ServiceAccount's token lies in anything that a run leaves behind. */
export function testSecretless(open: OpenSetting): void {
  describe("secretless", () => {
    test("under TF_LOG=TRACE no token is in state, plans, logs, output and arguments", async () => {
      const { cluster, api } = open();
      await api("POST", REQUESTS, { metadata: { name: STANDING } });
      await api("POST", CORE(STANDING, "serviceaccounts"), { metadata: { name: "puller" } });
      const stack = await createStack("openshift-secretless");
      const log = join(stack.folder, "..", `openshift-secretless-${process.pid}.log`);
      Object.assign(stack.env, { TF_LOG: "TRACE", TF_LOG_PATH: log });
      const watch = watchArguments();
      const markers = new Map<string, string>();
      const places: SecretSource[] = [];
      /** Every token that lies in the project: with its signature alone, which no part of it may be shown with. */
      const mark = async () => {
        const items = (await api("GET", CORE(STANDING, "secrets"))).body.items as readonly Stored[];
        for (const { metadata, data } of items.filter(({ data: held }) => held?.token !== undefined)) {
          const token = Buffer.from(data?.token ?? "", "base64").toString("utf8");
          markers.set(metadata.name, token);
          markers.set(`the signature of ${metadata.name}`, token.split(".")[2] ?? "");
        }
      };
      const live = async (moment: string, ...runs: readonly (() => Promise<Run>)[]) => {
        for (const run of runs) {
          const { code, output } = await run();
          if (code !== 0) throw new Error(`${moment}: ${output.slice(-4000)}`);
          places.push(textSource(`output @ ${moment}`, output));
        }
        await mark();
        places.push(...photograph(stack.folder, moment), ...takeLog(log, moment));
      };
      const planned = [() => stack.plan(), () => stack.run("show", "-json", "plan.bin"), () => stack.run("state", "pull")];
      try {
        stack.write(`${provider("openshift-secretless", cluster.kubernetes)}${CONFIGURATION}`);
        await live("apply", ...planned, () => stack.apply("plan.bin"));
        const first = [...markers.keys()];
        const [name = ""] = first.filter((key) => !key.startsWith("the signature"));
        await cluster.delete("secrets", STANDING, name);
        await live("rotation", ...planned, () => stack.apply("plan.bin"));
        expect(markers.size).toBeGreaterThan(first.length);
        await live("destroy", () => stack.destroy());
      } finally {
        watch.stop();
        rmSync(log, { force: true });
        removeStack(stack);
      }
      places.push(textSource("arguments", watch.seen().join("\n")));
      expect(searchSecrets(markers, places)).toEqual([]);
      // It is searched where it matters: what is public is found in state, plan, log and output.
      const found = JSON.stringify(searchSecrets(new Map([["public", "registry_openshift_token"]]), places));
      for (const place of ["terraform.tfstate @ apply", "TRACE log @ apply", "output @ apply", "plan.bin @ apply"]) {
        expect(found).toContain(place);
      }
    });
  });
}

interface Stored {
  readonly metadata: { readonly name: string };
  readonly data?: { readonly token?: string };
}

/** A long-lived token and a bound one, and a pull secret of both. */
const CONFIGURATION = `
  resource "registry_openshift_route" "r" {}
  resource "registry_openshift_project" "p" { name = "secretless-made" }
  resource "registry_openshift_token" "lasting" {
    issuer          = "openshift"
    name            = "lasting"
    project         = "${STANDING}"
    service_account = "puller"
    lifecycle { create_before_destroy = true }
  }
  resource "registry_openshift_token" "bound" {
    issuer           = "openshift"
    name             = "bound"
    project          = "${STANDING}"
    service_account  = "puller"
    lifetime_seconds = 3600
    lifecycle { create_before_destroy = true }
  }
  resource "registry_pull_secret" "s" {
    name       = "secretless"
    namespaces = [registry_openshift_project.p.name]
    registries = [
      { hosts = [registry_openshift_route.r.host], credential_id = registry_openshift_token.lasting.credential_id },
      { hosts = [registry_openshift_route.r.internal_host], credential_id = registry_openshift_token.bound.credential_id },
    ]
  }`;
