import type { SystemName } from "../../../sandbox/systems/states";
import { openAccess } from "./access/scene";
import { openHorizonScene } from "./horizon/scene";
import { openIbmCloudScene } from "./ibm-cloud/scene";
import { openOperator } from "./openshift/operator";
import { openOpenShift } from "./openshift/scene";
import type { OpenScene } from "./scene";

/** Some services that are struck, with how many lanes go through them. Faults are mostly waited for: more lanes than a small machine has cores. */
export interface StruckScene {
  readonly name: string;
  readonly open: OpenScene;
  readonly bare: number;
  readonly terraform: number;
  /** How many cases a real Terraform runs besides. */
  readonly terraformCases: number;
  /** Whether every write meets every fault in every phase. */
  readonly isThorough: boolean;
}

/** Scenes that are struck side by side. */
export type Group = readonly StruckScene[];

/** The main job is gone through wholly. */
const ACCESS: StruckScene = {
  name: "access",
  open: openAccess,
  bare: 8,
  terraform: 2,
  terraformCases: 60,
  isThorough: true,
};

const LATER = { terraform: 1, terraformCases: 10, isThorough: false } as const;

/** Systems that came later stand on what the main job's cases show of the client and of issued credentials. */
const SYSTEM_SCENES: Group = [
  { ...LATER, name: "ibm-cloud", open: openIbmCloudScene, bare: 6 },
  { ...LATER, name: "openshift", open: openOpenShift, bare: 4 },
  { ...LATER, name: "open-horizon", open: openHorizonScene, bare: 4 },
];

/** A cluster has one default route, which the scenes beside read: it has a group of its own, and one lane. */
const OPERATOR: StruckScene = {
  ...LATER,
  name: "operator",
  open: openOperator,
  bare: 1,
  terraform: 0,
  terraformCases: 0,
};

/** All of them, by what they are called. */
export const GROUPS: readonly (readonly [string, Group])[] = [
  ["access", [ACCESS]],
  ["IBM Cloud, OpenShift and Open Horizon", SYSTEM_SCENES],
  ["OpenShift's operator", [OPERATOR]],
];

/** Every scene. */
export const SCENES: Group = GROUPS.flatMap(([, scenes]) => scenes);

/** What the sandbox needs for them. */
export const SYSTEMS: readonly SystemName[] = ["ibm-cloud", "openshift", "open-horizon"];
