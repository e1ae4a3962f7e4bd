/** The import client's folders, with the simulator behind them, run the suite that every window runs. */
import { singleWindowConformance, type WindowOnTrial } from '../../conformance/single-window.ts';
import { batchOf, lodgement, marked } from '../lodgements.ts';
import { folderTrial } from './folder-trial.ts';

singleWindowConformance('the import client', async (): Promise<WindowOnTrial> => {
  const trial = await folderTrial();
  return {
    window: trial.window,
    lodgement: (key, edition = 1) => lodgement(key, { ContrNo: `C-${edition}` }),
    doomed: (key) => marked(key, 'reject'),
    batch: batchOf,
    passTime: () => trial.advance(60_000),
    restart: () => trial.reopen(),
    close: trial.close,
  };
});
