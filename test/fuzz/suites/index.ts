import type { FuzzSuite } from "../support/property";
import { codec } from "./codec";
import { documents } from "./documents";
import { lifecycle } from "./lifecycle";
import { pulls } from "./pulls";
import { rpc } from "./rpc";
import { server } from "./server";
import { texts } from "./texts";

/** All suites; each runs in a process of its own. */
export const suites: readonly FuzzSuite[] = [texts, documents, codec, rpc, lifecycle, pulls, server];
