/** What the window of this run promises: as the pack says, but for what the configuration says of this very window. */
import type { Settings, WindowSetting } from '../config.ts';
import type { WindowPromises } from '../pack/pack.ts';

export function promisesOf({ window, windows }: Settings, promises: WindowPromises): WindowPromises {
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
