import { findFreePorts, onFreePorts, PortTakenError } from "../../sandbox/process/ports";

describe("findFreePorts", () => {
  it("finds as many different ones as asked for", async () => {
    const ports = await findFreePorts(5);
    expect(new Set(ports).size).toBe(5);
    expect(ports.every((port) => port > 1023)).toBe(true);
  });

  it("takes none that a system gives to outgoing connections", async () => {
    const ports = await findFreePorts(50);
    expect(ports.every((port) => port < 30_000)).toBe(true);
  });
});

describe("onFreePorts", () => {
  it("tries other ports when one was taken meanwhile", async () => {
    const tried: number[] = [];
    const used = await onFreePorts(1, async ([port = 0]) => {
      tried.push(port);
      if (tried.length < 3) {
        throw new PortTakenError("taken");
      }
      return port;
    });
    expect(tried).toHaveLength(3);
    expect(used).toBe(tried[2]);
  });

  it("fails when every port is taken", async () => {
    let tries = 0;
    const start = (): Promise<never> => {
      tries++;
      return Promise.reject(new PortTakenError("taken"));
    };
    await expect(onFreePorts(1, start)).rejects.toThrow("taken");
    expect(tries).toBe(5);
  });

  it("fails at once for any other reason", async () => {
    let tries = 0;
    const start = (): Promise<never> => {
      tries++;
      return Promise.reject(new Error("bad flag"));
    };
    await expect(onFreePorts(1, start)).rejects.toThrow("bad flag");
    expect(tries).toBe(1);
  });
});
