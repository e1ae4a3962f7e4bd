/** What a window is reached with: token, authority and client certificate, from where the settings say they are. */
import type { AccessSetting, Config, Settings } from '../config.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { parseToken, readSecretCommand, readSecretFile, readSecretStdin, readTrustFile } from '../secrets.ts';
import type { Access } from '../window/index.ts';

/** The token last had, for a command that opens its window again and again. */
export type KeptToken = { current?: string };

export type AccessOptions = {
  readonly address: string;
  /** Standard input is the manifest. */
  readonly usesStdin: boolean;
  /** Asked for once and kept until the window refuses it; as often as the window is opened where absent. */
  readonly kept?: KeptToken;
};

/** Flags and variables win over the window's own settings. Throws `Stop` (exit 2). */
export async function readAccess(
  config: Config,
  { address, usesStdin, kept = {} }: AccessOptions,
): Promise<Access> {
  const setting = accessSetting(config);
  const { caFile, clientCert, clientKey } = setting;
  if ((clientCert === undefined) !== (clientKey === undefined))
    throw new Stop('secret/half-a-certificate', exitCode.usage);
  const proxy = proxyOf(config.settings);
  const source = tokenSource(setting, usesStdin);
  const token = kept.current ?? (await source?.read());
  if (token !== undefined) kept.current = token;
  const isFound = config.foundWindows.has(config.settings.window);
  if (isFound && (token !== undefined || clientKey !== undefined))
    throw new Stop('secret/found-address', exitCode.usage, { facts: { address } });
  return {
    ...(token === undefined ? {} : { token }),
    ...(source?.again === undefined ? {} : { tokenAgain: keeping(source.again, kept) }),
    ...(caFile === undefined ? {} : { ca: readTrustFile(caFile) }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(clientCert === undefined || clientKey === undefined
      ? {}
      : { client: { certificate: readTrustFile(clientCert), key: readSecretFile(clientKey) } }),
  };
}

function keeping(
  again: NonNullable<Access['tokenAgain']>,
  kept: KeptToken,
): NonNullable<Access['tokenAgain']> {
  return async (refused) => {
    const next = await again(refused);
    if (next !== undefined) kept.current = next;
    return next;
  };
}

/** The proxy that the configuration names for the window of this run. */
export function proxyOf({ window, windows }: Pick<Settings, 'window' | 'windows'>): string | undefined {
  return Object.hasOwn(windows, window) ? windows[window]?.proxy : undefined;
}

function accessSetting({ settings }: Config): AccessSetting {
  const { window, windows, tokenFile, tokenCommand, caFile, clientCert, clientKey } = settings;
  const named = Object.hasOwn(windows, window) ? windows[window] : undefined;
  const isTokenTyped = tokenFile !== undefined || tokenCommand !== undefined;
  const isClientTyped = clientCert !== undefined || clientKey !== undefined;
  const chosen = {
    tokenFile: isTokenTyped ? tokenFile : named?.tokenFile,
    tokenCommand: isTokenTyped ? tokenCommand : named?.tokenCommand,
    caFile: caFile ?? named?.caFile,
    clientCert: isClientTyped ? clientCert : named?.clientCert,
    clientKey: isClientTyped ? clientKey : named?.clientKey,
  };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
}

type TokenSource = { readonly read: () => Promise<string>; readonly again?: Access['tokenAgain'] };

/** Standard input can be asked once only. What a command prints counts as new even where it is the same: it may have signed in anew. */
function tokenSource(
  { tokenFile, tokenCommand }: AccessSetting,
  usesStdin: boolean,
): TokenSource | undefined {
  if (tokenFile !== undefined && tokenCommand !== undefined)
    throw new Stop('secret/two-sources', exitCode.usage);
  if (tokenCommand !== undefined) {
    const read = async (): Promise<string> =>
      parseToken(await readSecretCommand(tokenCommand), '--token-command');
    return { read, again: read };
  }
  if (tokenFile === undefined) return undefined;
  if (tokenFile !== '-') {
    const read = async (): Promise<string> => parseToken(readSecretFile(tokenFile), tokenFile);
    return {
      read,
      again: async (refused) => {
        const token = await read();
        return token === refused ? undefined : token;
      },
    };
  }
  if (usesStdin) throw new Stop('usage/stdin-twice', exitCode.usage);
  return { read: async () => parseToken(await readSecretStdin(), '--token-file -') };
}
