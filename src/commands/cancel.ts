/** `declarant cancel --run ID`: shows what can be cancelled, asks, cancels it, and lists what cannot. */
import { stdoutOutput } from '../io.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunId } from '../model/ids.ts';
import { exitCode, type ExitCode, Stop } from '../model/stop.ts';
import { cancelAll, type CancelPlan, planCancel } from '../pipeline/cancel.ts';
import { catchUp } from '../pipeline/catch-up.ts';
import { cancelPlan, cancelResult, type CancelTold } from '../reports/cancel.ts';
import type { Cancellation } from '../window/single-window.ts';
import { agreedTo } from './agree.ts';
import type { CommandInput } from './command.ts';
import { logged } from './logged.ts';
import { withEngine } from './open-engine.ts';

function runOf(ledger: Ledger | undefined, id: string): RunId {
  const found = ledger?.runs(Number.MAX_SAFE_INTEGER).find(({ run }) => run === id);
  if (found === undefined)
    throw new Stop('usage/unknown-run', exitCode.usage, { facts: { run: id }, hint: 'declarant status' });
  return found.run;
}

/** What the plan could not cancel counts as refused: the one who asked wanted all of it gone. */
function exitOf({ cancel, spare }: CancelPlan, answers: readonly Cancellation[]): ExitCode {
  if (spare.some(({ why }) => why === 'unknown')) return exitCode.undecided;
  const cancelled = answers.filter(({ kind }) => kind === 'cancelled').length;
  if (answers.some(({ kind }) => kind === 'no-answer') || answers.length < cancel.length)
    return exitCode.unreachable;
  const isSpared = spare.some(({ why }) => why !== 'cancelled' && why !== 'never-lodged');
  return cancelled < cancel.length || isSpared ? exitCode.someRefused : exitCode.done;
}

export async function run(input: CommandInput): Promise<number> {
  const { flags, config } = input;
  const { lang, format, quiet } = config.settings;
  const id = flags.get('run');
  if (typeof id !== 'string')
    throw new Stop('usage/missing-argument', exitCode.usage, {
      facts: { command: 'cancel', takes: '--run ID' },
      hint: 'declarant status',
    });
  const isJson = format === 'json' || format === 'ndjson';
  return logged('cancel', input, (log) =>
    withEngine('cancel', input, { log }, async (opened) => {
      const run = runOf(opened?.ledger, id);
      if (opened === undefined) return exitCode.usage;
      const { engine, ledger, signalled } = opened;
      if (engine.window.cancel === undefined)
        throw new Stop('run/no-cancelling', exitCode.usage, { facts: { window: engine.window.name } });
      await catchUp(engine);
      const plan = planCancel(ledger.entriesOfRun(run));
      const tell = async (answers: CancelTold['answers'], exit: number): Promise<void> => {
        if (!isJson) return;
        const told = { type: 'cancel', schemaVersion: 1, run, exit, ...jsonOf(plan), answers };
        await stdoutOutput.write(`${JSON.stringify(told)}\n`);
      };
      if (!isJson && !quiet) await stdoutOutput.write(cancelPlan(run, plan, lang));
      if (plan.cancel.length === 0 || flags.has('dryRun')) {
        const exit = flags.has('dryRun') ? exitCode.done : exitOf(plan, []);
        await tell([], exit);
        return exit;
      }
      const question =
        lang === 'zh'
          ? `将撤销 ${plan.cancel.length} 票报关单，撤销后不能恢复。确认请输入运行编号 ${run}：`
          : `${plan.cancel.length} declarations will be cancelled for good. Type the run id ${run} to go on: `;
      await agreedTo({ word: run, question, settings: config.settings });
      const answers = await cancelAll(
        plan.cancel.map(({ key }) => key),
        engine,
      );
      const exit = signalled() ?? exitOf(plan, answers);
      const count = (kind: Cancellation['kind']): number =>
        answers.filter((each) => each.kind === kind).length;
      log.write({
        event: 'cancelled',
        run,
        cancelled: count('cancelled'),
        refused: count('refused'),
        unanswered: plan.cancel.length - count('cancelled') - count('refused'),
      });
      await tell(answers, exit);
      if (!isJson) await stdoutOutput.write(cancelResult(plan, { answers, lang, quiet }));
      return exit;
    }),
  );
}

function jsonOf({ cancel, spare }: CancelPlan): object {
  return {
    plan: cancel.map(({ key, state, entryId }) => ({ key, state, entryId })),
    cannot: spare.map(({ entry: { key, state, entryId }, why }) => ({ key, state, entryId, why })),
  };
}
