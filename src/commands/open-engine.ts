/** Opens the ledger and its window for commands that read no manifest: there must be a ledger, and the run is written into it. */
import { existsSync } from 'node:fs';
import { keepHeapSmall } from '../heap.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { type Engine, openEngine } from '../pipeline/engine.ts';
import { noLog, type RunLog } from '../run-log.ts';
import { traced } from '../window/traced.ts';
import type { CommandInput } from './command.ts';
import { newRunId, openPack } from './open.ts';
import { openLodging, windowBinding } from './open-window.ts';
import { catchSignals } from './signals.ts';
import type { KeptToken } from './window-access.ts';

const now = (): Date => new Date();

export type OpenedEngine = {
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly signalled: () => number | undefined;
};

export type EngineOptions = {
  readonly log?: RunLog;
  /** See `AccessOptions`. */
  readonly kept?: KeptToken;
};

/** Undefined where nothing was ever lodged. A ledger that was there and is gone is a stop (exit 74). */
export async function withEngine(
  command: string,
  { config, reader }: CommandInput,
  { log = noLog, kept }: EngineOptions,
  work: (opened: OpenedEngine | undefined) => Promise<number>,
): Promise<number> {
  keepHeapSmall();
  // A command that looks again and again writes no run each time.
  const isRun = command !== 'watch';
  const file = config.settings.ledger;
  if (!existsSync(file) && !existsSync(`${file}.guard`)) return work(undefined);
  await using opened = new AsyncDisposableStack();
  const signals = opened.use(catchSignals());
  const { pack, context, catalogue } = await openPack(config.settings);
  reader.context = context;
  const ledger = await openLedger({ file, now, mode: 'write', window: windowBinding(config), command });
  opened.defer(() => ledger.close());
  const run = newRunId(now());
  const opening = { pack, catalogue, opened, now, ...(kept === undefined ? {} : { kept }) };
  const window = traced(await openLodging(config, opening), (attempt) =>
    log.write({ event: 'attempt', run, ...attempt }),
  );
  if (isRun) ledger.beginRun({ run, command, pack: pack.name, files: [], startedAt: now().toISOString() });
  const parts = { run, pack: pack.name, ledger, window, promises: pack.window, now, signal: signals.signal };
  const end = (exit: number): void => {
    if (isRun) ledger.endRun(run, { endedAt: now().toISOString(), exit, summary: '{}' });
  };
  try {
    const exit = await work({ engine: openEngine(parts), ledger, signalled: signals.exit });
    end(exit);
    return exit;
  } catch (error) {
    end(error instanceof Stop ? error.exit : exitCode.defect);
    throw error;
  }
}
