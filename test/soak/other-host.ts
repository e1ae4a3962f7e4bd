/** A process that believes to be on another machine: it sees another host name, and everything else as it is. */
import { spawnSync } from 'node:child_process';

const naming = 'hostname "$0" && exec "$@"';

/** Why there is none here, or nothing. */
export function whyNoOtherHost(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux gives a host name to one process alone';
  const [command, words] = onHost('another', 'true', []);
  return spawnSync(command, words).status === 0
    ? undefined
    : 'a host name for one process alone is not allowed here';
}

/** What to start instead; it becomes the command itself, under its own process id. */
export function onHost(
  host: string,
  command: string,
  words: readonly string[],
): readonly [string, readonly string[]] {
  return ['unshare', ['-Ur', '--uts', 'sh', '-c', naming, host, command, ...words]];
}
