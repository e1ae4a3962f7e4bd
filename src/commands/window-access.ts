/** What a window is reached with: token, authority and client certificate, from where the settings say they are. */
import type { AccessSetting, Config } from '../config.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { parseToken, readSecretCommand, readSecretFile, readSecretStdin, readTrustFile } from '../secrets.ts';
import type { Access } from '../window/index.ts';

export type AccessOptions = {
  readonly address: string;
  /** Standard input is the manifest. */
  readonly usesStdin: boolean;
};

/** Flags and variables win over the window's own settings. Throws `Stop` (exit 2). */
export async function readAccess(config: Config, { address, usesStdin }: AccessOptions): Promise<Access> {
  const setting = accessSetting(config);
  const { caFile, clientCert, clientKey } = setting;
  if ((clientCert === undefined) !== (clientKey === undefined))
    throw new Stop('secret/half-a-certificate', exitCode.usage);
  const token = await readToken(setting, usesStdin);
  const isFound = config.foundWindows.has(config.settings.window);
  if (isFound && (token !== undefined || clientKey !== undefined))
    throw new Stop('secret/found-address', exitCode.usage, { facts: { address } });
  return {
    ...(token === undefined ? {} : { token }),
    ...(caFile === undefined ? {} : { ca: readTrustFile(caFile) }),
    ...(clientCert === undefined || clientKey === undefined
      ? {}
      : { client: { certificate: readTrustFile(clientCert), key: readSecretFile(clientKey) } }),
  };
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

async function readToken(
  { tokenFile, tokenCommand }: AccessSetting,
  usesStdin: boolean,
): Promise<string | undefined> {
  if (tokenFile !== undefined && tokenCommand !== undefined)
    throw new Stop('secret/two-sources', exitCode.usage);
  if (tokenCommand !== undefined) return parseToken(await readSecretCommand(tokenCommand), '--token-command');
  if (tokenFile === undefined) return undefined;
  if (tokenFile !== '-') return parseToken(readSecretFile(tokenFile), tokenFile);
  if (usesStdin) throw new Stop('usage/stdin-twice', exitCode.usage);
  return parseToken(await readSecretStdin(), '--token-file -');
}
