/** What the window of this run promises: as the pack says, but for what the configuration says of this very window. */
import type { Settings, WindowSetting } from '../config.ts';
import type { WindowPromises } from '../pack/pack.ts';
import { isClient } from './client-window.ts';

/** The journal of an import client knows for good what was handed over: the same batch handed over again is handed over once. */
const forGoodMs = 3_153_600_000_000;

export function promisesOf({ window, windows }: Settings, promises: WindowPromises): WindowPromises {
  if (isClient({ window, windows }))
    return { ...promises, kind: 'key', keyLifeMs: forGoodMs, duplicateWindowMs: forGoodMs, settleMs: 0 };
  const own: Partial<WindowSetting> = (Object.hasOwn(windows, window) ? windows[window] : undefined) ?? {};
  const { kind, keyLife, duplicateWindow, settle, timeout } = own;
  return {
    ...promises,
    ...(kind === undefined ? {} : { kind }),
    ...(keyLife === undefined ? {} : { keyLifeMs: keyLife * 1000 }),
    ...(duplicateWindow === undefined ? {} : { duplicateWindowMs: duplicateWindow * 1000 }),
    ...(settle === undefined ? {} : { settleMs: settle * 1000 }),
    ...(timeout === undefined ? {} : { requestMs: timeout * 1000 }),
  };
}
