/** Commands as a person types them, for messages that say what to do next. */

/** Takes this sandbox down. */
export const downCommand = (name: string): string => `npm run sandbox -- down${nameOption(name)}`;

/** Brings this sandbox up. */
export const upCommand = (name: string): string => `npm run sandbox -- up${nameOption(name)}`;

/** Without it the commands are of the sandbox "default". */
function nameOption(name: string): string {
  return name === "default" ? "" : ` --name ${name}`;
}
