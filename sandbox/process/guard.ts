import { identityOf } from "./identity";
import { launch } from "./launch";

/** The name it is recorded by. */
export const GUARD = "guard";

/**
 * A shell's only: it costs no memory to speak of, and needs nothing of what it guards. `line_of` reads /proc/PID/stat (proc(5)): state
 * and start time are fields 3 and 22. A zombie is no owner any more. Without /proc the process id alone has to do.
 */
const SCRIPT = `
folder=$1 owner=$2 cgroup=$3
fields_of() { { read -r line <"$1"; } 2>/dev/null || return 1; set -- \${line##*) }; state=$1 ticks=\${20}; }
has_owner() {
  [ -d /proc/self ] || { kill -0 "$owner" 2>/dev/null; return; }
  fields_of "/proc/$owner/stat" && [ "$state" != Z ] && [ "$ticks" = "$born" ]
}
fields_of "/proc/$owner/stat"
born=$ticks
while has_owner; do sleep 1; done
# What was started in the last moment has yet to write down who it is.
sleep 2
for file in "$folder"/processes/*/identity; do
  case $file in */${GUARD}/identity) continue ;; esac
  read -r pid rest <"$file" || continue
  if [ -d /proc/self ]; then
    fields_of "$file" && recorded=$ticks && fields_of "/proc/$pid/stat" && [ "$ticks" = "$recorded" ] || continue
  fi
  kill -s KILL -- "-$pid"
done
# What was killed may take a moment to be gone, and writes until then.
tries=0
while [ "$tries" -lt 10 ]; do
  left=
  if [ -n "$cgroup" ]; then
    for own in "/sys/fs/cgroup/$cgroup" "/sys/fs/cgroup/"*"/$cgroup"; do
      [ -d "$own" ] || continue
      find "$own" -depth -type d -exec rmdir {} \\; 2>/dev/null
      [ -d "$own" ] && left=yes
    done
  fi
  [ -z "$left" ] && rm -rf -- "$folder" 2>/dev/null && break
  tries=$((tries + 1))
  sleep 1
done
rm -rf -- "$folder"
`;

/** Options of {@link guardFolder}. */
export interface GuardOptions {
  /** Its process id. @default - this process */
  readonly owner?: number | undefined;
  /** The name of the cgroups that its processes made, which go too. @default - there are none */
  readonly cgroup?: string;
}

/**
 * Has the processes of a folder end when we end, however that is, and the folder with them. Nothing in us could do it after a SIGKILL;
 * so it is one more process of the folder, which ends with the others by `stopProcesses`.
 */
export function guardFolder(folder: string, { owner = process.pid, cgroup = "" }: GuardOptions = {}): void {
  if (identityOf(owner) === undefined) throw new Error(`There is no process ${owner} to go with.`);
  launch(folder, GUARD, { command: "/bin/sh", args: ["-c", SCRIPT, GUARD, folder, String(owner), cgroup] });
}
