import type { Command } from "commander";
import { createKubernetesClient } from "../../clients/kubernetes/create-client";
import { clusterId } from "../../clients/kubernetes/namespaces";
import { collected, contextOption, kubeconfigOption } from "../cluster/options";
import { readCluster } from "../cluster/read-cluster";
import { type ClusterOptions, kubernetesSettings } from "../cluster/settings";
import { daysInSeconds, expiringOption } from "../days";
import { type FormatOptions, formatOption, jsonOption, print } from "../format";
import { type CommandIo, EXIT, tell } from "../io";
import { statusDocument } from "./render";
import { statusJson, statusReport } from "./report";

interface StatusOptions extends ClusterOptions, FormatOptions {
  readonly namespace?: readonly string[];
  readonly secret?: readonly string[];
  readonly expiringWithin: number;
}

const EXIT_CODES = `
Exit codes:
  0    all was looked at, and every pull secret that something uses is in order
  1    it failed, or not all could be looked at (what was is printed even so)
  2    something keeps Pods from pulling: a Secret that is missing, undecodable or none for pulling, or a credential that has ended
  130  interrupted (Ctrl-C)`;

/** `registry-access status`: live, without any state of Terraform's. */
export function addStatusCommand(program: Command, io: CommandIo, done: (code: number) => void): void {
  program
    .command("status")
    .summary("which namespace can pull from which registry, through what, until when")
    .description(
      "Reads a cluster and prints its access map: which namespace can pull from which registry, through which pull secret and ServiceAccount, until when; and what is wrong with it. It writes nothing, needs no state of Terraform's, and never prints a credential.",
    )
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .option("-n, --namespace <name>", "only this namespace; may be given several times", collected)
    .option(
      "--secret <name>",
      "only Secrets of this name, for a role that may read no others; may be given several times",
      collected,
    )
    .addOption(expiringOption())
    .addOption(formatOption())
    .addOption(jsonOption())
    .addHelpText("after", EXIT_CODES)
    .action(async (options: StatusOptions) => done(await status(options, io)));
}

async function status(options: StatusOptions, io: CommandIo): Promise<number> {
  const client = await createKubernetesClient(kubernetesSettings(options, io.env), { env: io.env });
  try {
    const scope = {
      ...(options.namespace === undefined ? {} : { namespaces: [...new Set(options.namespace)].sort() }),
      ...(options.secret === undefined ? {} : { secretNames: [...new Set(options.secret)].sort() }),
    };
    const facts = await readCluster(client, scope, io.signal, (what) => tell(io, `Reading ${what} of ${client.server}…`));
    const cluster = await clusterId(client, io.signal);
    tell(io, "");
    const soon = daysInSeconds(options.expiringWithin);
    const report = statusReport({ server: client.server, context: client.context, cluster, at: io.now() }, facts, soon);
    print(
      io,
      options,
      () => statusDocument(report, soon),
      () => statusJson(report),
    );
    if (report.notLooked.length > 0) return EXIT.failed;
    return report.hasUrgent ? EXIT.found : EXIT.well;
  } finally {
    await client.close();
  }
}
