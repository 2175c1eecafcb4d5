import type { Ownership } from "./ownership";

const MARK = /(?:^| )\[registry-access owner=(?<owner>[^\s[\]]+) instance=(?<instance>[0-9a-f]+)\]$/;

/**
 * A project's description with our mark: of what one may ask for with a project, it is the only text that is kept. Brackets and spaces
 * can't stand in an owner.
 */
export function formatProjectDescription(description: string | null, { owner, instance }: Ownership): string {
  const mark = `[registry-access owner=${owner} instance=${instance}]`;
  return description === null ? mark : `${description} ${mark}`;
}

/** The mark at the end of a project's description; undefined where it is not one of ours. */
export function parseProjectMark(description: string): Ownership | undefined {
  const { owner, instance } = MARK.exec(description)?.groups ?? {};
  return owner === undefined || instance === undefined ? undefined : { owner, instance };
}

/** What stands before the mark, or the whole description where there is none; null where that is nothing. */
export function projectDescriptionBefore(description: string): string | null {
  const text = description.replace(MARK, "");
  return text === "" ? null : text;
}
