/** `declarant ledger verify|export|backup|move|purge`: what a person does to the ledger as a whole. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { openOutputFile, stdoutOutput } from '../io.ts';
import { exportLedger, moveLedger, verifyLedger } from '../ledger/maintenance.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { backedUp, clientVerified, exported, moved, purged, verified } from '../reports/maintenance.ts';
import { momentBefore } from './age.ts';
import { backupWithClient, purgeWithClient, verifyClient } from './client-care.ts';
import { journalOf } from './client-window.ts';
import type { CommandInput } from './command.ts';
import { agreedTo } from './agree.ts';

const now = (): Date => new Date();

type Work = (
  input: CommandInput,
  to: string | undefined,
) => Promise<{ readonly exit: number; readonly told: object; readonly text: string }>;

const works: Readonly<Record<string, Work>> = {
  async verify({ config: { settings } }) {
    const found = await verifyLedger(settings.ledger);
    const client = await verifyClient(settings.ledger);
    const isSound = found.findings.length === 0 && (client?.findings.length ?? 0) === 0;
    const told = client === undefined ? found : { ...found, client };
    const text = verified(settings.ledger, found, settings.lang) + clientVerified(client, settings.lang);
    return { exit: isSound ? exitCode.done : exitCode.storage, told, text };
  },
  async export({ config: { settings } }, to) {
    const output = to === undefined || to === '-' ? stdoutOutput : await openOutputFile(resolve(to));
    try {
      const found = await exportLedger(settings.ledger, (line) => output.write(line));
      const file = await output.commit();
      const exit = found.damaged.length > 0 ? exitCode.storage : exitCode.done;
      return { exit, told: { ...found, file }, text: exported(file, found, settings.lang) };
    } catch (error) {
      await output.abandon();
      throw error;
    }
  },
  async backup({ config: { settings } }, to) {
    if (to === undefined) throw missing('ledger backup', 'FILE');
    const told = await backupWithClient(settings.ledger, to);
    return { exit: exitCode.done, told, text: backedUp(told, settings.lang) };
  },
  async move({ config: { settings } }, to) {
    if (to === undefined) throw missing('ledger move', 'FILE');
    const beside = ({ address }: { readonly address: string }): readonly string[] => {
      const journal = journalOf(settings.ledger, address);
      return journal !== undefined && existsSync(journal) ? [journal] : [];
    };
    const told = await moveLedger({ file: settings.ledger, to, now, beside });
    return { exit: exitCode.done, told, text: moved(told, settings.lang) };
  },
  async purge({ config: { settings }, flags }) {
    const typed = flags.get('olderThan');
    if (typeof typed !== 'string') throw missing('ledger purge', '--older-than');
    const olderThan = momentBefore(typed, now());
    const day = olderThan.toISOString().slice(0, 10);
    const question =
      settings.lang === 'zh'
        ? `将清除 ${day} 之前已了结的申报内容（编号、状态和海关编号保留），无法恢复。确认请输入 purge：`
        : `What decided declarations said before ${day} will be removed for good (keys, states and customs numbers stay). Type purge to go on: `;
    await agreedTo({ word: 'purge', question, settings });
    const found = await purgeWithClient({ file: settings.ledger, olderThan, now });
    return {
      exit: exitCode.done,
      told: { ...found, olderThan: olderThan.toISOString() },
      text: purged(day, found, settings.lang),
    };
  },
};

function missing(command: string, takes: string): Stop {
  return new Stop('usage/missing-argument', exitCode.usage, {
    facts: { command, takes },
    hint: 'declarant ledger --help',
  });
}

export async function run(input: CommandInput): Promise<number> {
  const [name = '', to] = input.args;
  const work = Object.hasOwn(works, name) ? works[name] : undefined;
  if (work === undefined)
    throw new Stop('usage/invalid-value', exitCode.usage, {
      facts: { where: 'declarant ledger', value: name, expected: Object.keys(works).join(' | ') },
    });
  const { exit, told, text } = await work(input, to);
  const { format } = input.config.settings;
  // What was exported to standard output is not mixed with words about it.
  if (name === 'export' && (to === undefined || to === '-')) process.stderr.write(text);
  else
    await stdoutOutput.write(format === 'json' || format === 'ndjson' ? `${JSON.stringify(told)}\n` : text);
  return exit;
}
