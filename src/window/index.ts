/** The registry of window protocols: a name or an address → an open window. A new protocol is one file and one line here. */
import { resolve } from 'node:path';
import { exitCode, Stop } from '../model/stop.ts';
import type { Check } from './sandbox/context.ts';
import type { Access } from './http/exchange.ts';
import { isLoopback } from './loopback.ts';
import type { SingleWindow } from './single-window.ts';

export type { Access } from './http/exchange.ts';

export type WindowConfig = {
  /** `sandbox`, or the window's `http://` or `https://` address. */
  readonly window: string;
  /** Needed for `sandbox`. */
  readonly sandbox?: {
    /** The file that holds what the sandbox window received. */
    readonly store: string;
    readonly check: Check;
    readonly now?: () => Date;
    readonly verdictDelayMs?: number;
    readonly onDefect?: (error: unknown) => void;
  };
  /** Total for each request. */
  readonly timeoutMs?: number;
  /** The most requests in any second. Absent: 3 for an address elsewhere, as many as come on this machine. 0: as many as come. */
  readonly perSecond?: number;
  /** For an address only. */
  readonly access?: Access;
};

type Open = (config: WindowConfig) => Promise<SingleWindow>;

const protocols: Readonly<Record<string, Open>> = {
  sandbox: openSandbox,
  'http:': openHttp,
  'https:': openHttp,
};

/** Throws `Stop` (exit 2) where the name or address means no window, or an address is neither encrypted nor on this machine. */
export async function openWindow(config: WindowConfig): Promise<SingleWindow> {
  const scheme = /^https?:(?=\/\/)/iu.exec(config.window)?.[0].toLowerCase();
  const open = Object.hasOwn(protocols, scheme ?? config.window)
    ? protocols[scheme ?? config.window]
    : undefined;
  if (open === undefined || (scheme === undefined && config.window.includes(':'))) {
    throw new Stop('window/unknown', exitCode.usage, { facts: { window: config.window } });
  }
  return open(config);
}

/** The in-process sandbox; its address for the ledger is the store, because the port differs each time. */
async function openSandbox({ sandbox, timeoutMs }: WindowConfig): Promise<SingleWindow> {
  if (sandbox === undefined) throw new TypeError('the sandbox window needs a store and a check');
  const { startSandbox } = await import('./sandbox/server.ts');
  const running = await startSandbox(sandbox);
  const client = await connect('sandbox', running.address, { timeoutMs });
  const close = async () => {
    await client.close();
    await running.close();
  };
  return { ...client, address: `sandbox:${resolve(sandbox.store)}`, close };
}

async function openHttp({ window, timeoutMs, perSecond, access }: WindowConfig): Promise<SingleWindow> {
  const url = URL.canParse(window) ? new URL(window) : undefined;
  const isPlainAddress =
    url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlainAddress) throw new Stop('window/address-unusable', exitCode.usage);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Stop('window/not-encrypted', exitCode.usage, { facts: { address: url.origin } });
  }
  const address = url.origin + url.pathname.replace(/\/+$/u, '');
  const pace = perSecond ?? (isLoopback(url.hostname) ? 0 : defaultPerSecond);
  return connect(address, address, { timeoutMs, access, ...(pace === 0 ? {} : { perSecond: pace }) });
}

/** What a real window is asked at most, where the configuration says nothing else. */
const defaultPerSecond = 3;

type Connection = {
  readonly timeoutMs: number | undefined;
  readonly access?: Access | undefined;
  readonly perSecond?: number;
};

async function connect(
  name: string,
  address: string,
  { timeoutMs, access, perSecond }: Connection,
): Promise<SingleWindow> {
  const { openHttpLodgement } = await import('./http-lodgement.ts');
  return openHttpLodgement({
    name,
    address,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(access === undefined ? {} : { access }),
    ...(perSecond === undefined ? {} : { perSecond }),
  });
}
