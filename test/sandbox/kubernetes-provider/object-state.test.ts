import type { Value } from "../../../lib/provider/framework/value";
import type { Manifest, ObjectKind } from "../../../sandbox/kubernetes-provider/object-kind";
import { objectOf, stateOf } from "../../../sandbox/kubernetes-provider/object-state";
import { planLegacy } from "../../../sandbox/kubernetes-provider/plan";
import { deployment } from "../../../sandbox/kubernetes-provider/resources/deployment";
import { namespace } from "../../../sandbox/kubernetes-provider/resources/namespace";
import { pod } from "../../../sandbox/kubernetes-provider/resources/pod";
import { serviceAccount } from "../../../sandbox/kubernetes-provider/resources/service-account";
import { resourceSchema } from "../../../sandbox/kubernetes-provider/schemas";
import { settle } from "../../../sandbox/kubernetes-provider/settle";
import { asTerraform, recordedConfig, recordedState } from "./recorded";

const ignored = { annotations: [], labels: [] };

interface Case {
  readonly kind: ObjectKind;
  /** What the stand-in sends for the recorded configuration. */
  readonly sent: unknown;
  /** What kube-apiserver 1.34 answers to it. */
  readonly found: Manifest;
  /** The recorded state is that of an apply, and not of a refresh after it. */
  readonly applied?: true;
}

const containerDefaults = {
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  imagePullPolicy: "Always",
};
const podDefaults = {
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  dnsPolicy: "ClusterFirst",
  automountServiceAccountToken: true,
  shareProcessNamespace: false,
  securityContext: {},
  imagePullSecrets: [{ name: "registry-pull" }],
  schedulerName: "default-scheduler",
  enableServiceLinks: true,
};
const podSent = {
  automountServiceAccountToken: true,
  dnsPolicy: "ClusterFirst",
  enableServiceLinks: true,
  hostIPC: false,
  hostNetwork: false,
  hostPID: false,
  imagePullSecrets: [{ name: "registry-pull" }],
  restartPolicy: "Always",
  shareProcessNamespace: false,
  terminationGracePeriodSeconds: 30,
};
const containerSent = { stdin: false, stdinOnce: false, terminationMessagePath: "/dev/termination-log", tty: false };

const cases: { readonly [name: string]: Case } = {
  namespace: {
    kind: namespace,
    sent: { apiVersion: "v1", kind: "Namespace", metadata: { name: "oracle-team", labels: { pull: "yes" } } },
    found: {
      metadata: {
        name: "oracle-team",
        uid: "0cbd4c07-be80-4652-898f-3031b3318dfb",
        resourceVersion: "13941",
        labels: { "kubernetes.io/metadata.name": "oracle-team", pull: "yes" },
      },
      spec: { finalizers: ["kubernetes"] },
    },
  },
  "service account": {
    kind: serviceAccount,
    sent: {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "ci", namespace: "oracle-team" },
      automountServiceAccountToken: false,
    },
    found: {
      metadata: {
        name: "ci",
        namespace: "oracle-team",
        uid: "436dde7a-3f48-40c3-ba0b-1dc5e7c49a18",
        resourceVersion: "13944",
      },
      automountServiceAccountToken: false,
    },
  },
  deployment: {
    kind: deployment,
    sent: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "ibmliberty-deployment", namespace: "oracle-team", labels: { app: "ibmliberty" } },
      spec: {
        minReadySeconds: 0,
        paused: false,
        progressDeadlineSeconds: 600,
        replicas: 3,
        revisionHistoryLimit: 10,
        selector: { matchLabels: { app: "ibmliberty" } },
        template: {
          metadata: { labels: { app: "ibmliberty" } },
          spec: {
            ...podSent,
            containers: [
              {
                ...containerSent,
                name: "ibmliberty",
                image: "registry.ng.bluemix.net/team/ibmliberty:latest",
                ports: [{ containerPort: 9080, protocol: "TCP" }],
                resources: { requests: { cpu: "10m", memory: "16Mi" } },
              },
            ],
          },
        },
      },
    },
    found: {
      metadata: {
        name: "ibmliberty-deployment",
        namespace: "oracle-team",
        uid: "77895544-8d97-41ed-81c9-343a1b9fc0bd",
        resourceVersion: "13967",
        generation: 1,
        labels: { app: "ibmliberty" },
        annotations: { "deployment.kubernetes.io/revision": "1" },
      },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: "ibmliberty" } },
        template: {
          metadata: { creationTimestamp: null, labels: { app: "ibmliberty" } },
          spec: {
            ...podDefaults,
            containers: [
              {
                ...containerDefaults,
                name: "ibmliberty",
                image: "registry.ng.bluemix.net/team/ibmliberty:latest",
                ports: [{ containerPort: 9080, protocol: "TCP" }],
                resources: { requests: { cpu: "10m", memory: "16Mi" } },
              },
            ],
          },
        },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
    },
  },
  pod: {
    kind: pod,
    applied: true,
    sent: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "sample-pod", namespace: "oracle-team" },
      spec: { ...podSent, containers: [{ ...containerSent, name: "c", image: "registry.dedicated.example.com/team/app" }] },
    },
    found: {
      metadata: {
        name: "sample-pod",
        namespace: "oracle-team",
        uid: "6d5cea2c-ec77-4356-ade2-a993e669def1",
        resourceVersion: "13978",
        generation: 1,
      },
      spec: {
        ...podDefaults,
        volumes: [{ name: "kube-api-access-x7x2n", projected: { sources: [], defaultMode: 420 } }],
        containers: [
          {
            ...containerDefaults,
            name: "c",
            image: "registry.dedicated.example.com/team/app",
            resources: {},
            volumeMounts: [
              { name: "kube-api-access-x7x2n", readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
            ],
          },
        ],
        serviceAccountName: "default",
        serviceAccount: "default",
        tolerations: [
          { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
          { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
        ],
        priority: 0,
        preemptionPolicy: "PreemptLowerPriority",
      },
    },
  },
};

describe.each(Object.entries(cases))("%s", (_, { kind, sent, found, applied }) => {
  const schema = resourceSchema(kind.type);
  const config = asTerraform(schema, recordedConfig(kind.type));
  const { planned } = planLegacy(schema, config, null);

  test("the object sent is what the configuration says", () => {
    expect(JSON.parse(JSON.stringify(objectOf(kind, schema, planned)))).toEqual(sent);
  });

  test("the state is the recorded one", () => {
    const read = stateOf(kind, schema, found, planned, ignored);
    expect(applied ? settle(schema, read, planned) : read).toEqual(recordedState(kind.type));
  });

  test("a second plan changes nothing", () => {
    expect(planLegacy(schema, config, recordedState(kind.type))).toEqual({
      planned: recordedState(kind.type),
      requiresReplace: [],
    });
  });

  test("a plan after a refresh changes nothing", () => {
    const refreshed: Value = stateOf(kind, schema, found, recordedState(kind.type), ignored);
    expect(planLegacy(schema, config, refreshed)).toEqual({ planned: refreshed, requiresReplace: [] });
  });
});
