/** Shows why a run could not go on: a `Stop` in the reader's language, anything else as a fault of ours with a report file. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { stateFolder } from '../config/folders.ts';
import { stdoutOutput } from '../io.ts';
import { exitCode, Stop } from '../model/stop.ts';
import type { Lang } from '../model/text.ts';
import { openCatalogue } from '../reports/catalogue.ts';
import { ciFailure } from '../reports/ci/failure.ts';
import { problemJson } from '../reports/ndjson.ts';
import { problemText } from '../reports/problem-text.ts';
import type { ReportContext } from '../reports/report.ts';
import { escapeForTerminal } from '../reports/terminal-text.ts';

/** Whom a failure is told to. */
export type Reader = {
  lang: Lang;
  format: string;
  verbose: boolean;
  /** Once the pack is loaded: it knows the titles of fields, and texts of its own. */
  context?: ReportContext;
};

/** So many of the problems behind a stop are shown in full; JSON has them all. */
const mostInFull = 10;

const words = {
  zh: { error: '错误', expected: '应为', remedy: '处理', next: '可运行' },
  en: { error: 'Error', expected: 'Expected', remedy: 'What to do', next: 'Try' },
};

function contextOf({ lang, context }: Reader): ReportContext {
  if (context !== undefined) return context;
  const catalogue = openCatalogue();
  return { lang, fieldTitle: () => undefined, render: (problem) => catalogue.render(problem, lang) };
}

async function showStop(stop: Stop, reader: Reader): Promise<void> {
  const { lang, format } = reader;
  const context = contextOf(reader);
  const text = context.render({ code: stop.code, severity: 'error', facts: stop.facts });
  const label = words[lang];
  const colon = lang === 'zh' ? '：' : ': ';
  const lines = [
    `${label.error}${colon}${text.title}  [${stop.code}]`,
    `  ${text.message}`,
    ...(text.expected === '' ? [] : [`  ${label.expected}${colon}${text.expected}`]),
    ...(text.remedy === '' ? [] : [`  ${label.remedy}${colon}${text.remedy}`]),
    ...stop.problems
      .slice(0, mostInFull)
      .flatMap((problem) => problemText(problem, context).map((line) => `  ${line}`)),
    ...(stop.problems.length > mostInFull ? [`  … +${stop.problems.length - mostInFull}`] : []),
    ...(stop.hint === undefined ? [] : [`  ${label.next}${colon}${stop.hint}`]),
  ];
  process.stderr.write(`${escapeForTerminal(lines.join('\n'))}\n`);
  if (format !== 'json' && format !== 'ndjson') {
    const { code, exit } = stop;
    return stdoutOutput.write(ciFailure(format, { ...text, code, exit }));
  }
  const { code, exit, facts, hint } = stop;
  const problems = stop.problems.map((problem) => problemJson(problem, context));
  await stdoutOutput.write(
    `${JSON.stringify({ type: 'error', schemaVersion: 1, code, exit, ...text, hint, facts, problems })}\n`,
  );
}

/** Our own frames only, without the message: it may hold values from a file. */
function placesOf(error: Error): string[] {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /u.test(line));
  return frames.map((line) =>
    line.trim().replace(/(?:file:\/\/)?\/?[^\s()]*\/((?:src|dist|bin|node_modules)\/)/u, '$1'),
  );
}

function writeFaultReport(error: unknown): string | undefined {
  const chain: string[] = [];
  for (let each = error; each instanceof Error && chain.length < 200; each = each.cause) {
    chain.push(each.name, ...placesOf(each));
  }
  const folder = join(stateFolder(process.env), 'faults');
  const moment = new Date().toISOString().replace(/[:.]/gu, '-');
  const file = join(folder, `${moment}-${randomBytes(2).toString('hex')}.txt`);
  const system = `declarant on Node ${process.version}, ${platform()} ${arch()}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${[system, ...(chain.length > 0 ? chain : [typeof error])].join('\n')}\n`, {
      flag: 'wx',
      mode: 0o600,
    });
    return file;
  } catch {
    return undefined;
  }
}

/** Returns the exit code. `--verbose` tells what the system said, and of a defect where it is. */
export async function showFailure(error: unknown, reader: Reader): Promise<number> {
  if (error instanceof Stop) {
    await showStop(error, reader);
    if (reader.verbose && error.cause instanceof Error)
      process.stderr.write(`  ${escapeForTerminal(error.cause.message)}\n`);
    return error.exit;
  }
  const report = writeFaultReport(error);
  await showStop(new Stop('run/defect', exitCode.defect, { facts: { report: report ?? '-' } }), reader);
  if (reader.verbose && error instanceof Error)
    process.stderr.write(`${escapeForTerminal(error.stack ?? error.message)}\n`);
  return exitCode.defect;
}
