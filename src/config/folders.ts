/** Where the user's configuration and state live: the XDG folders, or their Windows counterparts. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Relative values are ignored, as the XDG Base Directory Specification asks. */
function folder(env: Environment, names: readonly string[], fallback: readonly string[]): string {
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && isAbsolute(value)) return join(value, 'declarant');
  }
  return join(env['HOME'] ?? env['USERPROFILE'] ?? homedir(), ...fallback, 'declarant');
}

/** `$XDG_CONFIG_HOME/declarant`, `%APPDATA%\declarant` on Windows, else `~/.config/declarant`. */
export function configFolder(env: Environment): string {
  const isWindows = process.platform === 'win32';
  return folder(
    env,
    isWindows ? ['XDG_CONFIG_HOME', 'APPDATA'] : ['XDG_CONFIG_HOME'],
    isWindows ? ['AppData', 'Roaming'] : ['.config'],
  );
}

/** `$XDG_STATE_HOME/declarant`, `%LOCALAPPDATA%\declarant` on Windows, else `~/.local/state/declarant`. */
export function stateFolder(env: Environment): string {
  const isWindows = process.platform === 'win32';
  return folder(
    env,
    isWindows ? ['XDG_STATE_HOME', 'LOCALAPPDATA'] : ['XDG_STATE_HOME'],
    isWindows ? ['AppData', 'Local'] : ['.local', 'state'],
  );
}
