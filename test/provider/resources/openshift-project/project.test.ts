import { ClientError } from "../../../../lib/clients/client-error";
import type { KubernetesObject } from "../../../../lib/clients/kubernetes/client";
import { type Diagnostic, DiagnosticError } from "../../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../../lib/provider/framework/value";
import { openshiftProjectResource } from "../../../../lib/provider/resources/openshift-project";
import { createFakeCluster, type FakeCluster } from "../fake-cluster";

const DESCRIPTION = "openshift.io/description";
const planned = (more: ObjectValue = {}): ObjectValue => ({
  name: "images",
  display_name: null,
  description: "edge images",
  adopt_existing: null,
  timeouts: { create: "2s", read: "2s", update: "2s", delete: "2s" },
  ...more,
});

/** A cluster that makes a Project for each request, as OpenShift's default template does. The caller is `ann`, unless nobody says so. */
function world(
  change: (base: FakeCluster["client"], cluster: FakeCluster) => Partial<FakeCluster["client"]> = () => ({}),
  caller = "ann",
) {
  const cluster = createFakeCluster();
  const said: Diagnostic[] = [];
  const base: FakeCluster["client"] = {
    ...cluster.client,
    async create(of, object, options, signal) {
      if (of.resource === "selfsubjectreviews") {
        if (caller === "") throw new ClientError("not_found", "404 page not found", { status: 404 });
        return { ...object, status: { userInfo: { username: caller } } };
      }
      if (of.resource !== "projectrequests") return cluster.client.create(of, object, options, signal);
      const { description = "", displayName = "" } = object as { readonly description?: string; readonly displayName?: string };
      if (cluster.at("projects", "", object.metadata.name)) throw new ClientError("conflict", "409 AlreadyExists");
      const annotations = {
        [DESCRIPTION]: description,
        "openshift.io/display-name": displayName,
        "openshift.io/requester": "ann",
      };
      cluster.put("projects", {
        metadata: { name: object.metadata.name, annotations },
        status: { phase: "Active" },
      } as KubernetesObject);
      return cluster.at("projects", "", object.metadata.name) as never;
    },
  };
  const client = { ...base, ...change(base, cluster) };
  const contextOf = (owner: string) => {
    const context = cluster.context(owner);
    const provider = { ...context.provider, cluster: { ...context.provider.cluster, client: async () => client } };
    return { ...context, provider, report: (diagnostic: Diagnostic) => void said.push(diagnostic) };
  };
  const project = () => cluster.at("projects", "", "images");
  const create = (plan = planned(), owner = "shop") =>
    openshiftProjectResource.create({ planned: plan, config: plan, privateData: null }, contextOf(owner));
  const read = (state: ObjectValue) => openshiftProjectResource.read({ state, privateData: null }, contextOf("shop"));
  const update = (prior: ObjectValue, plan: ObjectValue) =>
    openshiftProjectResource.update({ prior, planned: plan, config: plan, privateData: null }, contextOf("shop"));
  const destroy = (prior: ObjectValue) => openshiftProjectResource.delete({ prior, privateData: null }, contextOf("shop"));
  const importState = (owner = "shop") => openshiftProjectResource.importState?.("images", contextOf(owner));
  const make = (annotations: { readonly [name: string]: string } = {}) =>
    cluster.put("projects", { metadata: { name: "images", annotations }, status: { phase: "Active" } } as KubernetesObject);
  return { cluster, client, project, create, read, update, destroy, importState, make, said };
}

const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof DiagnosticError
    ? error.diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`).join("\n")
    : error;
};

test("a project is made with its mark, kept up to date in place, and deleted", async () => {
  const { create, read, update, destroy, project, said } = world();
  const { state } = await create();
  expect(state).toMatchObject({
    id: "images",
    adopted: false,
    uid: project()?.metadata.uid,
    owner: "shop",
    cluster: "cluster-uid",
  });
  expect(project()?.metadata.annotations?.[DESCRIPTION]).toBe(
    `edge images [registry-access owner=shop instance=${String(state.instance)}]`,
  );
  expect((await read(state))?.state).toEqual(state);
  const renamed = { ...state, display_name: "Edge", description: null };
  expect((await update(state, renamed)).state).toEqual(renamed);
  expect(project()?.metadata.annotations).toMatchObject({
    "openshift.io/display-name": "Edge",
    [DESCRIPTION]: `[registry-access owner=shop instance=${String(state.instance)}]`,
  });
  await destroy(renamed);
  expect(project()).toBeUndefined();
  expect(await read(renamed)).toBeNull();
  await destroy(renamed);
  expect(said).toEqual([]);
});

test("somebody else's is refused, or adopted on request, and then never changed or deleted", async () => {
  const { create, read, destroy, project, make, said } = world();
  make({ "openshift.io/requester": "bob" });
  expect(await failure(create())).toMatch(
    /Project is there already: The project "images" is there already.*requested by "bob".*adopt_existing/s,
  );
  const { state } = await create(planned({ adopt_existing: true }));
  expect(state.adopted).toBe(true);
  expect((await read(state))?.state).toEqual(state);
  await destroy(state);
  expect(project()?.metadata.annotations).toEqual({ "openshift.io/requester": "bob" });
  expect(said.map(({ summary }) => summary)).toEqual(["A project was adopted"]);
  expect(said[0]?.detail).toContain("display_name and description, which are set, are not written");
});

test("one that a killed run of this owner left is taken up, and goes with it; another owner's is refused", async () => {
  const { create, destroy, project, said } = world();
  const { state: first } = await create();
  expect(await failure(create(planned(), "other"))).toContain('belongs to owner "shop"');
  const { state } = await create();
  expect(state.instance).not.toBe(first.instance);
  expect(project()?.metadata.annotations?.[DESCRIPTION]).toContain(`instance=${String(state.instance)}`);
  expect(said.map(({ summary }) => summary)).toEqual(["A project was taken up"]);
  await destroy(state);
  expect(project()).toBeUndefined();
});

test("a request whose answer was lost is found by its mark", async () => {
  const { create, said } = world((base) => ({
    create: async (...args) => {
      await base.create(...args);
      throw new ClientError("conflict", "409 AlreadyExists", { repeated: true });
    },
  }));
  expect((await create()).state.adopted).toBe(false);
  expect(said).toEqual([]);
});

test("a project that got the name since is neither taken for it nor deleted", async () => {
  const { create, read, destroy, client, project, make, said } = world();
  const { state } = await create();
  await client.delete(
    { apiVersion: "project.openshift.io/v1", resource: "projects", name: "images" },
    {},
    AbortSignal.timeout(1000),
  );
  make();
  expect(await read(state)).toBeNull();
  await destroy(state);
  expect(project()).toBeDefined();
  expect(said.map(({ summary }) => summary)).toEqual(["Another project has its name", "Project left alone"]);
});

test("one that is being deleted is gone for a refresh, and waited for by a create", async () => {
  const { create, read, cluster, client } = world();
  const { state } = await create();
  const going = { ...cluster.at("projects", "", "images"), status: { phase: "Terminating" } } as unknown as KubernetesObject;
  cluster.put("projects", going);
  expect(await read(state)).toBeNull();
  const waiting = create(planned({ timeouts: { create: "20s" } }));
  setTimeout(
    () => void client.delete({ apiVersion: "x/v1", resource: "projects", name: "images" }, {}, AbortSignal.timeout(1000)),
    50,
  );
  expect((await waiting).state.uid).not.toBe(state.uid);
});

test("destroy waits until it is gone, or until it may not look any more", async () => {
  let looks = 0;
  const { create, destroy, said } = world((base) => ({
    delete: async () => true,
    get: async (at, signal) => {
      looks += 1;
      if (looks > 3) throw new ClientError("forbidden", "403 Forbidden", { status: 403 });
      return base.get(at, signal);
    },
  }));
  const { state } = await create();
  await destroy(state);
  expect(said).toMatchObject([{ severity: "warning", summary: "Not seen to be gone" }]);
});

test("a 403 right after the request is that of rights on their way: it is asked again", async () => {
  let refusals = 3;
  const { create, said } = world((base) => ({
    get: async (at, signal) => {
      if (at.resource === "projects" && refusals-- > 0) throw new ClientError("forbidden", "403 Forbidden", { status: 403 });
      return base.get(at, signal);
    },
  }));
  expect((await create()).state.adopted).toBe(false);
  expect(said).toEqual([]);
});

test("a mark in somebody else's project is no proof: it is refused, adopted on request, and adopted by an import", async () => {
  const description = "[registry-access owner=shop instance=0011223344556677]";
  const { create, destroy, importState, project, make, said } = world();
  make({ "openshift.io/requester": "mallory", [DESCRIPTION]: description });
  expect(await failure(create())).toMatch(
    /which anybody may write, but it was requested by "mallory", and not by this identity \("ann"\)/,
  );
  expect((await importState())?.state).toMatchObject({ adopted: true });
  expect(said.at(-1)?.detail).toContain('requested by "mallory"');
  const { state } = await create(planned({ adopt_existing: true }));
  expect(state.adopted).toBe(true);
  await destroy(state);
  expect(project()?.metadata.annotations?.[DESCRIPTION]).toBe(description);
  make({ [DESCRIPTION]: description });
  expect(await failure(create())).toContain("requested by nobody that the cluster names");
});

test("an import takes this owner's for its own, and adopts any other", async () => {
  const { create, importState } = world();
  const { state } = await create();
  const { timeouts: _, ...own } = state;
  expect((await importState())?.state).toMatchObject(own);
  expect((await importState("other"))?.state).toMatchObject({ adopted: true, adopt_existing: true, description: null });
});

describe("fails when", () => {
  test("requesting is refused", async () => {
    const { create } = world(() => ({
      create: () => Promise.reject(new ClientError("forbidden", "403 Forbidden", { status: 403 })),
    }));
    expect(await failure(create())).toMatch(/Not allowed: The project "images" could not be requested.*self-provisioners/);
  });

  test("the API server does not say who asks: a project with this owner's mark is left alone", async () => {
    const { create } = world(() => ({}), "");
    await create();
    expect(await failure(create())).toMatch(/does not say who asks now \(SelfSubjectReview .* since 4\.15\)/);
  });

  test("it was made, and can't be read: it is deleted again by the UID that the answer named", async () => {
    const deleted: unknown[] = [];
    const { create, project, said } = world((base) => ({
      get: async (at, signal) => {
        if (at.resource === "projects") throw new ClientError("forbidden", "403 Forbidden", { status: 403 });
        return base.get(at, signal);
      },
      delete: async (at, preconditions, signal) => {
        deleted.push(preconditions);
        return base.delete(at, preconditions, signal);
      },
    }));
    expect(await failure(create(planned({ timeouts: { create: "20s" } })))).toContain(
      'Not allowed: The project "images" was requested and made, but could not be read',
    );
    expect(deleted).toEqual([{ uid: expect.stringContaining("uid-") }]);
    expect(project()).toBeUndefined();
    expect(said).toEqual([]);
  }, 20_000);

  test("nothing was made: there is nothing to take back, and no warning that something may be left", async () => {
    for (const refusal of ["forbidden", "invalid"] as const) {
      const { create, said } = world(() => ({
        create: () => Promise.reject(new ClientError(refusal, "refused", { status: 403 })),
        get: () => Promise.reject(new ClientError("forbidden", "403 Forbidden", { status: 403 })),
      }));
      expect(await failure(create())).toContain("could not be requested");
      expect(said).toEqual([]);
    }
  });

  test("it can't be found out whether it was made: a warning says so", async () => {
    const { create, said } = world(() => ({
      create: () => Promise.reject(new ClientError("malformed", "no answer")),
      get: () => Promise.reject(new ClientError("forbidden", "403 Forbidden", { status: 403 })),
    }));
    expect(await failure(create())).toContain("could not be requested");
    expect(said).toMatchObject([{ summary: "A project may be left" }]);
  });

  test("it is there, and may not be seen", async () => {
    const { create, said } = world(() => ({
      create: () => Promise.reject(new ClientError("conflict", "409")),
      get: () => Promise.reject(new ClientError("forbidden", "403 Forbidden", { status: 403 })),
    }));
    expect(await failure(create())).toContain("Either it is being deleted still");
    expect(said).toEqual([]);
  });

  test("it does not become active in time: what was made is deleted", async () => {
    const { create, project } = world((base, cluster) => ({
      create: async (of, object, options, signal) => {
        const made = await base.create(of, object, options, signal);
        cluster.put("projects", {
          ...cluster.at("projects", "", "images"),
          status: { phase: "Pending" },
        } as unknown as KubernetesObject);
        return made;
      },
    }));
    expect(await failure(create())).toContain("create took longer than 2s");
    expect(project()).toBeUndefined();
  });
});
