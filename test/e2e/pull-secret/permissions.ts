import type { KubernetesObject, SecretObject } from "../../../lib/clients/kubernetes/client";
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from "../../../lib/domain/docker-config";
import { createUserKubeconfig } from "../../../sandbox";
import { until } from "../support/cluster";
import { untilAllowed } from "../support/identities";
import { errorsOf, expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, C, cluster, count, hcl, planned, secret, stack } from "./setting";

/** Rights of one's own making, beside the published roles. */
export function testPermissions(): void {
  describe("registry_pull_secret: permissions", () => {
    const { signal } = new AbortController();
    const SOURCE = { [DOCKER_CONFIG_KEY]: Buffer.from('{"auths":{"us.icr.io":{"auth":"YTpi"}}}').toString("base64") };
    /** The state's targets. */
    async function targets(): Promise<object> {
      const { output } = await stack.run("show", "-json");
      const { values } = JSON.parse(output) as {
        values: { root_module: { resources: { address: string; values: { targets: object } }[] } };
      };
      return values.root_module.resources.find(({ address }) => address === ADDRESS)?.values.targets ?? {};
    }

    const rules = (verbs: readonly string[]) => [{ apiGroups: [""], resources: ["secrets"], verbs }];
    const rbac = (resource: string, namespace: string) => ({ apiVersion: "rbac.authorization.k8s.io/v1", resource, namespace });

    async function grant(namespace: string, user: string, verbs: readonly string[]): Promise<void> {
      const metadata = { name: `grant-${user}`, namespace };
      const role = { metadata, rules: rules(verbs) };
      const binding = {
        metadata,
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      };
      await cluster.client.create(rbac("roles", namespace), role, {}, signal);
      await cluster.client.create(rbac("rolebindings", namespace), binding, {}, signal);
    }

    it("rights in the namespaces alone are enough", async () => {
      const user = `writer-${count}`;
      for (const namespace of [A(), B()]) await grant(namespace, user, ["get", "create", "update", "delete"]);
      const kubeconfig = await createUserKubeconfig(cluster.state, { name: user });
      await apply({ kubernetes: `{ config_path = ${JSON.stringify(kubeconfig)} }` });
      expect((await planned()).changes).toEqual({});
      expectWell(await stack.destroy());
    });

    it("a source that may no longer be read stops neither a plan nor a destroy, not even where missing access is an error", async () => {
      const user = `copier-${count}`;
      await grant(A(), user, ["get", "create", "update", "delete"]);
      await grant(C(), user, ["get"]);
      const kubeconfig = await createUserKubeconfig(cluster.state, { name: user });
      const source = { type: DOCKER_CONFIG_TYPE, metadata: { name: "other", namespace: C() }, data: SOURCE };
      await cluster.create<SecretObject>("secrets", source);
      await apply({
        kubernetes: `{ config_path = ${JSON.stringify(kubeconfig)} }`,
        namespaces: JSON.stringify([A()]),
        registries: `{ copy_from = { namespace = "${C()}", name = "other" } }`,
      });
      stack.env.REGISTRY_ACCESS_ON_MISSING_ACCESS = "error";
      await cluster.client.delete({ ...rbac("rolebindings", C()), name: `grant-${user}` }, {}, signal);
      await until(async () => expectWell(await stack.plan()).messages.length > 0);
      const { changes, messages } = expectWell(await stack.plan());
      expect([changes, messages]).toMatchObject([
        {},
        [{ severity: "warning", summary: "Not allowed", detail: expect.stringContaining("Whether it changed is not seen.") }],
      ]);
      expectWell(await stack.destroy());
    });

    it("a namespace that leaves, and where nothing may be deleted any more: its Secret stays a target until it is gone", async () => {
      const user = `leaver-${count}`;
      const all = ["get", "create", "update", "delete"];
      for (const namespace of [A(), B()]) await grant(namespace, user, all);
      const kubeconfig = await createUserKubeconfig(cluster.state, { name: user });
      const options = { kubernetes: `{ config_path = ${JSON.stringify(kubeconfig)} }`, rest: 'on_refused = "skip"' };
      await apply(options);
      const at = { ...rbac("roles", B()), name: `grant-${user}` };
      await cluster.client.patch(at, { rules: rules(["get"]) }, signal);
      const one = { ...options, namespaces: JSON.stringify([A()]) };
      // The API server's authorizer learns of it a moment later.
      await untilAllowed(kubeconfig, "delete", "secrets", "pull", B(), false);
      stack.write(hcl(one));
      const kept = await stack.apply();
      expect([kept.code, errorsOf(kept)]).toMatchObject([1, [{ summary: "Not allowed", detail: expect.stringContaining(B()) }]]);
      expect([Object.keys(await targets()), (await secret(B())).metadata.name]).toEqual([[A(), B()], "pull"]);
      expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });

      await cluster.client.patch(at, { rules: rules(all) }, signal);
      await untilAllowed(kubeconfig, "delete", "secrets", "pull", B());
      await apply(one);
      expect(await cluster.secret(B(), "pull")).toBeUndefined();
      expect((await planned()).changes).toEqual({});
      expectWell(await stack.destroy());
    });

    it("a namespace that may not be read any more keeps nobody else from being served where that is to be skipped, and no destroy forgets it", async () => {
      const user = `unseeing-${count}`;
      const all = ["get", "create", "update", "delete"];
      for (const namespace of [A(), B()]) await grant(namespace, user, all);
      const kubeconfig = await createUserKubeconfig(cluster.state, { name: user });
      const options = { kubernetes: `{ config_path = ${JSON.stringify(kubeconfig)} }`, rest: 'on_refused = "skip"' };
      await apply(options);
      const at = { ...rbac("roles", B()), name: `grant-${user}` };
      await cluster.client.patch(at, { rules: [] }, signal);
      await untilAllowed(kubeconfig, "get", "secrets", "pull", B(), false);

      const unseen = { severity: "warning", summary: "Not seen", detail: expect.stringContaining(B()) };
      const untouched = expectWell(await stack.plan());
      expect([untouched.changes, untouched.messages]).toMatchObject([{}, [unseen]]);
      // Another label, which only A can be given.
      const labelled = { ...options, rest: `${options.rest}\n  labels = { round = "two" }` };
      stack.write(hcl(labelled));
      expect(expectWell(await stack.apply()).messages.map(({ severity }) => severity)).not.toContain("error");
      expect(await targets()).toEqual({ [A()]: { status: "in_sync" }, [B()]: { status: "blocked" } });
      expect([(await secret(A())).metadata.labels?.round, (await secret(B())).metadata.labels?.round]).toEqual([
        "two",
        undefined,
      ]);

      // What leaves and can't be seen fails alone, and no destroy forgets it.
      const round = 'on_refused = "skip"\n  labels = { round = "three" }';
      stack.write(hcl({ ...options, rest: round, namespaces: JSON.stringify([A()]) }));
      const notLooked = {
        severity: "error",
        summary: "Not allowed",
        detail: expect.stringContaining(`"${B()}" may not be looked for`),
      };
      expect(errorsOf(await stack.apply())).toMatchObject([notLooked]);
      expect([Object.keys(await targets()), (await secret(A())).metadata.labels?.round]).toEqual([[A(), B()], "three"]);
      expect(errorsOf(await stack.destroy())).toMatchObject([notLooked]);
      expect([await cluster.secret(A(), "pull"), (await secret(B())).metadata.name]).toEqual([undefined, "pull"]);
      await cluster.client.patch(at, { rules: rules(all) }, signal);
      await untilAllowed(kubeconfig, "delete", "secrets", "pull", B());
      expectWell(await stack.destroy());
      expect(await cluster.secret(B(), "pull")).toBeUndefined();
    });

    it("a namespace that is gone, and its Role with it, is told from one that may not be read", async () => {
      const user = `widowed-${count}`;
      for (const namespace of [A(), B()]) await grant(namespace, user, ["get", "create", "update", "delete"]);
      const metadata = { name: `namespaces-${user}` };
      const global = { apiVersion: "rbac.authorization.k8s.io/v1" };
      const role = { metadata, rules: [{ apiGroups: [""], resources: ["namespaces"], verbs: ["get"] }] };
      const subjects = [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }];
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name };
      await cluster.client.create({ ...global, resource: "clusterroles" }, role, {}, signal);
      await cluster.client.create({ ...global, resource: "clusterrolebindings" }, { metadata, subjects, roleRef }, {}, signal);
      const kubeconfig = await createUserKubeconfig(cluster.state, { name: user });
      const options = { kubernetes: `{ config_path = ${JSON.stringify(kubeconfig)} }` };
      await apply(options);
      await cluster.deleteNamespace(B());
      await untilAllowed(kubeconfig, "get", "secrets", "pull", B(), false);
      expect(expectWell(await stack.plan()).messages).toMatchObject([
        { severity: "warning", summary: "Namespace does not exist" },
      ]);
      await apply({ ...options, namespaces: JSON.stringify([A()]) });
      expect(await targets()).toEqual({ [A()]: { status: "in_sync" } });
      expect((await planned()).changes).toEqual({});
      expectWell(await stack.destroy());
    });

    it("a webhook that does not answer blocks its namespace alone, where that is to be skipped", async () => {
      const metadata = { name: `away-${B()}` };
      const webhook = {
        name: "away.example.com",
        clientConfig: { url: "https://127.0.0.1:9/" },
        rules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["secrets"], operations: ["CREATE", "UPDATE"] }],
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": B() } },
        failurePolicy: "Fail",
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
        timeoutSeconds: 1,
      };
      const at = { apiVersion: "admissionregistration.k8s.io/v1", resource: "validatingwebhookconfigurations" };
      await cluster.client.create(at, { metadata, webhooks: [webhook] } as KubernetesObject, {}, signal);
      const probe = { metadata: { name: "probe", namespace: B() } };
      const isAway = () =>
        cluster.client.create({ apiVersion: "v1", resource: "secrets", namespace: B() }, probe, { dryRun: true }, signal).then(
          () => false,
          () => true,
        );
      await until(isAway);
      const rest = 'on_refused = "skip"';
      stack.write(hcl({ rest }));
      const refused = {
        severity: "warning",
        summary: "Refused by the cluster",
        detail: expect.stringContaining("does not answer"),
      };
      expect(expectWell(await stack.apply()).messages).toMatchObject([refused]);
      expect(await targets()).toEqual({ [A()]: { status: "in_sync" }, [B()]: { status: "blocked" } });
      await cluster.client.delete({ ...at, name: metadata.name }, {}, signal);
      await until(async () => !(await isAway()));
      await apply({ rest });
      expect((await planned()).changes).toEqual({});
      expectWell(await stack.destroy());
    });

    it("a named namespace that is gone keeps nobody else from being served, where that is to be skipped", async () => {
      const rest = 'on_refused = "skip"';
      await apply({ rest });
      const nowhere = `${A()}-nowhere`;
      stack.write(hcl({ rest, namespaces: JSON.stringify([A(), B(), C(), nowhere]) }));
      const planned = expectWell(await stack.plan());
      expect(planned.messages).toMatchObject([
        {
          summary: "Namespace does not exist",
          detail: expect.stringContaining('The apply leaves this out, since on_refused is "skip"'),
        },
      ]);
      const applied = expectWell(await stack.apply("plan.bin"));
      expect(applied.messages.at(-1)).toMatchObject({
        severity: "warning",
        detail: expect.stringMatching(/It is left out\..* on_refused is "skip": the others were served/),
      });
      expect(await targets()).toEqual({
        [A()]: { status: "in_sync" },
        [B()]: { status: "in_sync" },
        [C()]: { status: "in_sync" },
        [nowhere]: { status: "blocked" },
      });
      expectWell(await stack.destroy());
    });

    it("fails when one may not write, and says what is needed", async () => {
      const user = `reader-${count}`;
      for (const namespace of [A(), B()]) await grant(namespace, user, ["get"]);
      const kubeconfig = await createUserKubeconfig(cluster.state, { name: user });
      stack.write(hcl({ kubernetes: `{ config_path = ${JSON.stringify(kubeconfig)} }`, namespaces: JSON.stringify([A()]) }));
      expect(errorsOf(await stack.apply())).toEqual([
        {
          severity: "error",
          summary: "Not allowed",
          detail: `User "${user}" may not do this in the cluster at ${cluster.client.server}: create and delete secrets "pull" in ${A()}. Nothing was written: a pull secret is made in all its namespaces, or in none. The role registry-access-apply has all of it (docs/permissions.md; the construct AccessRoles): bind it for all namespaces, or in each of them.`,
          address: ADDRESS,
        },
      ]);
    });
  });
}
