/** Opens the single window that the settings name: the built-in sandbox, one of the configuration, or an address. */
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Pack } from '../pack/pack.ts';
import type { Catalogue } from '../reports/catalogue.ts';
import { oneLine } from '../reports/terminal-text.ts';
import { openWindow } from '../window/index.ts';
import type { SingleWindow } from '../window/single-window.ts';
import { clientOf, openClient } from './client-window.ts';
import { type KeptToken, proxyOf, readAccess } from './window-access.ts';
import { windowCheck } from './window-check.ts';

export type Binding = { readonly name: string; readonly address: string; readonly environment: string };

/** What the embedded sandbox received lies beside the ledger: the two are one memory. */
export function sandboxStore({ settings }: Config): string {
  return join(dirname(settings.ledger), 'sandbox-window.db');
}

/** What the ledger is bound to. Throws `Stop` (exit 2) where the name is not in the configuration. */
export function windowBinding(config: Config): Binding {
  const { window, windows } = config.settings;
  if (window === 'sandbox')
    return { name: 'sandbox', address: `sandbox:${sandboxStore(config)}`, environment: 'sandbox' };
  refuseSecretsInAddress(config);
  const named = Object.hasOwn(windows, window) ? windows[window] : undefined;
  const client = clientOf(config);
  if (client !== undefined)
    return { name: window, address: client.address, environment: named?.environment ?? 'production' };
  if (named !== undefined)
    return { name: window, address: named.address, environment: named.environment ?? 'production' };
  if (/^https?:\/\//iu.test(window)) return { name: window, address: window, environment: 'production' };
  const known = ['sandbox', 'cn-client', ...Object.keys(windows)];
  throw new Stop('usage/unknown-window', exitCode.usage, {
    facts: { window, known },
    hint: 'declarant config',
  });
}

/** Before anything is opened: the address goes into the ledger. */
function refuseSecretsInAddress({ settings: { window, windows } }: Config): void {
  for (const address of [window, ...Object.values(windows).map((each) => each.address)]) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url !== undefined && (url.username !== '' || url.password !== ''))
      throw new Stop('window/address-unusable', exitCode.usage);
  }
}

/** Node would then believe any certificate: nothing is sent from such a place. */
function refuseBlindTrust(): void {
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    throw new Stop('secret/verification-off', exitCode.usage);
}

/** How long a request may take and how many there may be in a second, where the configuration says so of this window. */
function bounds({ settings: { window, windows } }: Config): { timeoutMs?: number; perSecond?: number } {
  const { timeout, perSecond } = (Object.hasOwn(windows, window) ? windows[window] : undefined) ?? {};
  return {
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(perSecond === undefined ? {} : { perSecond }),
  };
}

/** Whoever starts a run sees what stands between. */
function tellProxy({ settings }: Config): void {
  const proxy = proxyOf(settings);
  if (proxy === undefined || settings.quiet) return;
  const line =
    settings.lang === 'zh' ? `经代理 ${proxy} 连接窗口` : `reaching the window through the proxy ${proxy}`;
  process.stderr.write(`${oneLine(line)}\n`);
}

type Opening = {
  readonly pack: Pack;
  readonly catalogue: Catalogue;
  readonly opened: AsyncDisposableStack;
  readonly now: () => Date;
  readonly usesStdin?: boolean;
  readonly kept?: KeptToken;
};

export async function openLodging(
  config: Config,
  { pack, catalogue, opened, now, usesStdin = false, kept = {} }: Opening,
): Promise<SingleWindow> {
  const { name, address } = windowBinding(config);
  const isSandbox = name === 'sandbox';
  refuseBlindTrust();
  const client = clientOf(config);
  if (client !== undefined) {
    const folders = await openClient(client, { config, now });
    opened.defer(() => folders.close());
    return folders;
  }
  tellProxy(config);
  const window = await openWindow(
    isSandbox
      ? {
          window: 'sandbox',
          sandbox: { store: sandboxStore(config), check: windowCheck(pack, catalogue, now), now },
        }
      : {
          window: address,
          ...bounds(config),
          access: await readAccess(config, { address, usesStdin, kept }),
        },
  );
  opened.defer(() => window.close());
  return isSandbox ? window : { ...window, name };
}
