/** Asks a person before anything goes to a real single window. */
import { createInterface } from 'node:readline/promises';
import type { Settings } from '../config.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { RunOptions } from '../pipeline/run-options.ts';
import type { PausableProgress } from '../progress.ts';
import { clientOf } from './client-window.ts';
import { oneLine } from '../reports/terminal-text.ts';
import type { SingleWindow } from '../window/single-window.ts';
import { proxyOf } from './window-access.ts';

type Confirmer = Pick<RunOptions, 'confirm'>;

export type ConfirmOptions = {
  readonly mode: RunOptions['mode'];
  readonly settings: Settings;
  readonly window: SingleWindow | undefined;
  readonly progress: PausableProgress;
  /** Standard input is the manifest: nobody can answer on it. */
  readonly usesStdin: boolean;
  readonly signal: AbortSignal;
};

/** An import client saves a draft or declares: the office's choice, shown before it is final. */
function whatIsDone(settings: Settings): string {
  const client = clientOf({ settings });
  if (client === undefined) return '';
  const isDraft = client.operType === 'draft';
  if (settings.lang === 'zh') return isDraft ? '（只暂存，不申报）' : '（直接申报）';
  return isDraft ? ' (saves drafts, declares nothing)' : ' (declares at once)';
}

function whatStandsBetween(settings: Settings): string {
  const proxy = proxyOf(settings);
  if (proxy === undefined) return '';
  return settings.lang === 'zh' ? `（经代理 ${proxy}）` : ` (through the proxy ${proxy})`;
}

type Counts = { readonly rows: number; readonly declarations: number; readonly setAside: number };

function questionFor(
  { rows, declarations, setAside }: Counts,
  { settings, name }: { readonly settings: Settings; readonly name: string },
): string {
  const client = clientOf({ settings });
  const to = oneLine(client === undefined ? name : client.root, 4096);
  const isDraft = client?.operType === 'draft';
  if (settings.lang === 'zh') {
    const what =
      client === undefined
        ? `将向 ${to} 申报 ${declarations} 票报关单`
        : `将把 ${declarations} 票报关单放进导入客户端的文件夹 ${to}，${isDraft ? '只暂存，不申报' : '直接申报'}`;
    return `${what}（共读取 ${rows} 行，另有 ${setAside} 票留下不发）。确认请输入 yes：`;
  }
  const what =
    client === undefined
      ? `will be lodged with ${to}`
      : `will be put into the import client's folder ${to}, which ${isDraft ? 'saves drafts and declares nothing' : 'declares at once'}`;
  return `${declarations} declarations (of ${rows} rows read; ${setAside} declarations stay behind) ${what}. Type yes to go on: `;
}

const agreed = new Set(['y', 'yes', '是', '确认']);

/** The sandbox is never asked about. Where nobody can be asked, throws `Stop` (exit 2) that names `--yes`. */
export function confirmer({
  mode,
  settings,
  window,
  progress,
  usesStdin,
  signal,
}: ConfirmOptions): Confirmer {
  if (mode !== 'import' || window === undefined || settings.window === 'sandbox' || settings.yes) return {};
  const isCi = (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false';
  const canAsk = process.stdin.isTTY && process.stderr.isTTY && !settings.noInput && !usesStdin && !isCi;
  const name =
    (window.name === window.address ? window.address : `${window.name} ${window.address}`) +
    whatStandsBetween(settings) +
    whatIsDone(settings);
  return {
    async confirm({ rows, declarations, setAside }) {
      if (!canAsk)
        throw new Stop('usage/needs-yes', exitCode.usage, { facts: { window: name, rows, declarations } });
      // A folder that is missing is told before anybody is asked.
      if (clientOf({ settings }) !== undefined) await window.limits(signal);
      progress.pause();
      const question = questionFor({ rows, declarations, setAside }, { settings, name });
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return agreed.has((await terminal.question(question, { signal })).trim().toLowerCase());
      } catch (error) {
        // Ctrl-C: the terminal tells it to the question, and no signal comes.
        if (signal.aborted || (error instanceof Error && error.name === 'AbortError')) return false;
        throw error;
      } finally {
        terminal.close();
      }
    },
  };
}
