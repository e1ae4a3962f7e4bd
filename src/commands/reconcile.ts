/** `declarant reconcile`: asks the window about everything open, and tells what became of each. */
import { stdoutOutput } from '../io.ts';
import { exitCode } from '../model/stop.ts';
import { catchUp } from '../pipeline/catch-up.ts';
import { reconcileReport } from '../reports/reconcile.ts';
import type { CommandInput } from './command.ts';
import { logged } from './logged.ts';
import { withEngine } from './open-engine.ts';

export async function run(input: CommandInput): Promise<number> {
  const { format, lang, quiet, errorOnEmpty } = input.config.settings;
  return logged('reconcile', input, (log) =>
    withEngine('reconcile', input, { log }, async (opened) => {
      const found = opened === undefined ? { entries: [], unknown: 0 } : await catchUp(opened.engine);
      const isEmpty = found.entries.length === 0 && errorOnEmpty;
      const exit =
        opened?.signalled() ??
        (found.unknown > 0 ? exitCode.undecided : isEmpty ? exitCode.nothingToDo : exitCode.done);
      const changes = found.entries.map(
        ({ before, now: { key, state, entryId, rows, changedAt, intendedAt } }) => ({
          key,
          before,
          state,
          changedAt,
          intendedAt,
          rows,
          ...(entryId === undefined ? {} : { entryId }),
        }),
      );
      log.write({ event: 'reconciled', asked: changes.length, unknown: found.unknown });
      if (format === 'json' || format === 'ndjson') {
        const told = {
          type: 'reconcile',
          schemaVersion: 1,
          unknown: found.unknown,
          exit,
          declarations: changes,
        };
        await stdoutOutput.write(`${JSON.stringify(told)}\n`);
      } else await stdoutOutput.write(reconcileReport(changes, { lang, quiet }));
      return exit;
    }),
  );
}
