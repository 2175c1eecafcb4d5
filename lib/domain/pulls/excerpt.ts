/** Characters of each end of a message that are looked at. containerd's own have some hundred, with the image's name in them four times. */
const END = 2_048;

/**
 * A message of the kubelet's, at most as long as anybody reads: its beginning and its end, which has what went wrong. Runtimes pass on
 * what registries answer, and that may be anything.
 */
export function excerptOf(message: string): string {
  return message.length <= 2 * END ? message : `${message.slice(0, END)} … ${message.slice(-END)}`;
}
