import { findCommand, whyNoNode } from "../../../sandbox/node/availability";

describe("whyNoNode", () => {
  const path = process.env.PATH ?? "";
  const folder = "/home/ada/sandboxes/trial";
  const cases: { readonly [name: string]: readonly [string, Parameters<typeof whyNoNode>[1], string] } = {
    "another system": [folder, { platform: "darwin", uid: 0, path }, "it needs Linux, and this is darwin"],
    "another user": [folder, { platform: "linux", uid: 1000, path }, "it needs root; try it with sudo"],
    "no util-linux": [
      folder,
      { platform: "linux", uid: 0, path: "/nowhere" },
      "there is no unshare, no nsenter, no mount, no umount on this machine; the packages util-linux and mount have them",
    ],
    "a long path": [
      `/home/${"a".repeat(90)}`,
      { platform: "linux", uid: 0, path },
      `/home/${"a".repeat(90)}/node/relay.sock is too long for a socket's path; set XDG_STATE_HOME to a shorter one`,
    ],
    "a folder that is hidden": [
      "/run/user/0/trial",
      { platform: "linux", uid: 0, path },
      "/run/user/0/trial is hidden from it; set XDG_STATE_HOME to a folder outside /run and /var/log",
    ],
  };
  it.each(Object.keys(cases))("fails when there is %s: one line says so", (name) => {
    const [where, machine, expected] = cases[name] ?? ["", undefined, ""];
    if (/util-linux|long|hidden/.test(name) || findCommand("unshare") !== undefined)
      expect(whyNoNode(where, machine)).toBe(expected);
  });

  it("finds commands in absolute folders of PATH alone", () => {
    expect(findCommand("sh", "relative:/bin")).toBe("/bin/sh");
    expect(findCommand("sh", ".:bin")).toBeUndefined();
  });
});
