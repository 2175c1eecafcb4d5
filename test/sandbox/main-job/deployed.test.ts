import { readDeployed } from "../../../sandbox/main-job/deployed";

const managed = (type: string, values: object) => ({ mode: "managed", type, values });
const stateOf = (resources: readonly object[], child_modules: readonly object[] = []) => ({
  values: { root_module: { resources, child_modules } },
});

describe("readDeployed", () => {
  it("reads secrets, ServiceAccounts and samples, of child modules too", () => {
    const state = stateOf(
      [
        managed("registry_pull_secret", {
          name: "pull",
          targets: { a: {}, b: {} },
          registries: [
            { hosts: ["one.example", "two.example"], credential_id: "registry/1", username: null },
            { hosts: ["docker.io"], credential_id: null, username: null },
            { hosts: ["three.example"], credential_id: null, username: "acme" },
            { hosts: null, copy_from: { namespace: "default", name: "all-icr-io", hosts: ["us.icr.io"] } },
          ],
        }),
        managed("registry_service_account_patch", { pull_secrets: ["pull"], targets: { "a/default": {}, "a/builder": {} } }),
        managed("kubernetes_deployment_v1", {
          metadata: [{ name: "web", namespace: "a", uid: "1" }],
          spec: [{ replicas: "3", template: [{ metadata: [{}], spec: [{ container: [{ image: "nginx" }] }] }] }],
        }),
        { ...managed("registry_pull_secret", { name: "looked-up", targets: { a: {} } }), mode: "data" },
      ],
      [
        {
          resources: [
            managed("kubernetes_pod_v1", {
              metadata: [{ name: "one", namespace: "b" }],
              spec: [{ container: [{ image: "registry.example/app" }] }],
            }),
          ],
          child_modules: [
            {
              resources: [
                managed("registry_pull_secret", {
                  name: "more",
                  targets: { b: {} },
                  registries: [{ hosts: null, copy_from: { hosts: null } }],
                }),
              ],
            },
          ],
        },
      ],
    );
    const pull = { name: "pull", hosts: ["one.example", "two.example", "three.example", "us.icr.io"], copiesAll: false };
    expect(readDeployed(state)).toEqual({
      pullSecrets: new Map([
        ["a", [pull]],
        ["b", [pull, { name: "more", hosts: [], copiesAll: true }]],
      ]),
      serviceAccounts: new Map([
        [
          "a",
          new Map([
            ["default", ["pull"]],
            ["builder", ["pull"]],
          ]),
        ],
      ]),
      samples: [
        { kind: "Deployment", namespace: "a", name: "web", image: "nginx", replicas: 3 },
        { kind: "Pod", namespace: "b", name: "one", image: "registry.example/app", replicas: 1 },
      ],
    });
  });

  it("two patches of one ServiceAccount add up", () => {
    const patch = (pullSecret: string) =>
      managed("registry_service_account_patch", { pull_secrets: [pullSecret], targets: { "a/default": {} } });
    expect(readDeployed(stateOf([patch("one"), patch("two")])).serviceAccounts).toEqual(
      new Map([["a", new Map([["default", ["one", "two"]]])]]),
    );
  });

  it("an empty state has nothing", () => {
    expect(readDeployed({})).toEqual({ pullSecrets: new Map(), serviceAccounts: new Map(), samples: [] });
  });
});
