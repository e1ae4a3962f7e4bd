/** The windows of a configuration file: merged by name, their paths made whole, and no secret from a file that merely lay there. */
import { resolve } from 'node:path';
import { exitCode, Stop } from '../model/stop.ts';
import type { FileSettings } from './file.ts';

/** Settings of a window that name a file. */
export const accessFiles = ['tokenFile', 'caFile', 'clientCert', 'clientKey'] as const;
const secret: ReadonlySet<string> = new Set(['tokenFile', 'tokenCommand', 'clientKey']);

function members(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** A window of the nearer file replaces the whole window of that name: no address is ever mixed with the secrets of another. */
export function windowsOf(
  before: unknown,
  windows: unknown,
  { file, folder }: { readonly file: string; readonly folder: string },
): object {
  const paths: ReadonlySet<string> = new Set([...accessFiles, 'root']);
  const own = members(windows).map(([name, window]): [string, unknown] => [
    name,
    Object.fromEntries(
      members(window).map(([key, value]) => [
        key,
        paths.has(key) && typeof value === 'string' ? resolve(folder, value) : value,
      ]),
    ),
  ]);
  return Object.fromEntries([
    ...members(before),
    ...own.map(([name, window]) => [name, withAddress({ file, name }, window)] as const),
  ]);
}

/** An import client's address is its folder. Throws `Stop` (exit 2) for a window with neither an address nor a folder. */
function withAddress(
  { file, name }: { readonly file: string; readonly name: string },
  window: unknown,
): unknown {
  const known = new Map(members(window));
  if (known.has('proxy') && !isUsableProxy(known.get('proxy'), known.get('address')))
    throw new Stop('config/proxy-unusable', exitCode.usage, {
      facts: { file, key: `windows.${name}.proxy` },
    });
  const root = known.get('root');
  const isClient = known.get('protocol') === 'cn-client';
  if (isClient && typeof root === 'string')
    return { ...Object.fromEntries(known), address: `cn-client:${root}` };
  if (!isClient && known.has('address')) return window;
  const key = `windows.${name}.${isClient ? 'root' : 'address'}`;
  throw new Stop('config/missing-key', exitCode.usage, { facts: { file, key, others: 0 } });
}

/** No more than an origin, so that no secret stands in it; and only before a window that is reached by TLS, so that the proxy sees nothing. */
function isUsableProxy(proxy: unknown, address: unknown): boolean {
  if (typeof proxy !== 'string' || typeof address !== 'string' || !/^https:/iu.test(address)) return false;
  return /^https?:\/\/[^/?#@\s]+\/?$/iu.test(proxy) && URL.canParse(proxy);
}

/** The addresses that a file found in the current folder names. Throws `Stop` (exit 2) where it also says where a secret is: such a file may be anybody's, and a command in it would run. */
export function refuseSecrets(file: string, { values }: FileSettings): readonly string[] {
  const windows = members(values.get('windows'));
  for (const [name, window] of windows) {
    const key = members(window).find(([member]) => secret.has(member))?.[0];
    if (key !== undefined) {
      throw new Stop('config/secret-in-found-file', exitCode.usage, {
        facts: { file, key: `windows.${name}.${key}` },
        hint: `--config ${JSON.stringify(file)}`,
      });
    }
  }
  const chosen = values.get('window');
  const isAddress = typeof chosen === 'string' && /^https?:/iu.test(chosen);
  return [...windows.map(([name]) => name), ...(isAddress ? [chosen] : [])];
}
