/** The results of a run: files in a folder, and on standard output what `--format` asks for, once nothing can change any more. */
import { mkdtemp, open, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../config.ts';
import { makeFolder, openOutputBytes, openOutputFile, stdoutOutput } from '../io.ts';
import type { Problem } from '../model/problem.ts';
import type { RowResult, RunSummary } from '../model/result.ts';
import { Stop } from '../model/stop.ts';
import { collectExamples } from '../reports/human.ts';
import { stdoutFormats } from '../reports/formats.ts';
import { summaryJson } from '../reports/ndjson.ts';
import type { ReportFactory, ReportInput } from '../reports/index.ts';
import type { Report, ReportContext } from '../reports/report.ts';

export type Results = {
  readonly write: (results: readonly RowResult[]) => Promise<void>;
  /** Forgets everything written so far. */
  readonly restart: () => Promise<void>;
  /** Returns the files that stay. */
  readonly finish: (summary: RunSummary) => Promise<readonly string[]>;
  /** Why a report besides the results could not be made: what was lodged is lodged, and the results are there. */
  readonly failure: () => Stop | undefined;
  /** Leaves nothing behind; does nothing after `finish`. */
  readonly abandon: () => Promise<void>;
  readonly examples: () => ReadonlyMap<string, Problem>;
};

export type ResultsOptions = {
  readonly folder: string | undefined;
  readonly format: Settings['format'];
  readonly context: ReportContext;
  /** Reports besides: they go into the folder, and need one. */
  readonly reports: readonly ReportFactory[];
  readonly inputs: readonly ReportInput[];
};

/** Written to files even where only standard output is asked for: a run may have to read its input twice. */
export async function openResults({ folder, format, context, ...besides }: ResultsOptions): Promise<Results> {
  const isMade = folder !== undefined && (await makeFolder(folder));
  const spool =
    folder === undefined && format !== 'human' ? await mkdtemp(join(tmpdir(), 'declarant-')) : undefined;
  const place = folder ?? spool;
  const asked = format === 'human' ? [] : [format];
  const formats = folder === undefined ? asked : (['ndjson', 'csv', ...asked] as const);
  // One report a file: `json` and `ndjson` are made from the same one.
  const named = new Map(formats.map((each) => [stdoutFormats[each].file, stdoutFormats[each].load]));
  const openAll = async (): Promise<Report[]> => {
    if (place === undefined) return [];
    const reports: Report[] = [];
    for (const [name, load] of named) {
      const make = await load();
      reports.push(make(await openOutputFile(join(place, name)), context));
    }
    const files = {
      openText: (name: string) => openOutputFile(join(place, name)),
      openBytes: (name: string) => openOutputBytes(join(place, name)),
    };
    for (const make of besides.reports)
      reports.push(await make({ context, inputs: besides.inputs, ...files }));
    return reports;
  };
  let reports = await openAll();
  let examples = collectExamples();
  let failure: Stop | undefined;
  const drop = async (): Promise<void> => {
    for (const report of reports) await report.abandon();
    reports = [];
  };
  return {
    async write(results) {
      examples.add(results);
      for (const report of reports) await report.add(results);
    },
    async restart() {
      await drop();
      reports = await openAll();
      examples = collectExamples();
    },
    async finish(summary) {
      const written: string[] = [];
      for (const [index, report] of reports.entries()) {
        const isBesides = index >= named.size;
        try {
          written.push(...(await report.end(summary)));
        } catch (error) {
          if (!isBesides || !(error instanceof Stop)) throw error;
          failure ??= error;
          await report.abandon();
        }
      }
      reports = [];
      if (place !== undefined) await deliver(place, format, summaryJson(summary, context));
      return folder === undefined ? [] : written;
    },
    async abandon() {
      await drop();
      if (spool !== undefined) await rm(spool, { recursive: true, force: true });
      // Only an empty folder goes: what a finished run wrote stays.
      if (isMade && folder !== undefined) await rmdir(folder).catch(() => undefined);
    },
    examples: () => examples.first,
    failure: () => failure,
  };
}

async function deliver(place: string, format: Settings['format'], summary: string): Promise<void> {
  if (format === 'human') return;
  if (format === 'json') await stdoutOutput.write('{"schemaVersion":1,"results":[');
  const file = await open(join(place, stdoutFormats[format].file));
  if (format === 'json') {
    let before = '\n';
    for await (const line of file.readLines({ encoding: 'utf8' })) {
      await stdoutOutput.write(before + line);
      before = ',\n';
    }
    await stdoutOutput.write(`\n],"summary":${summary}}\n`);
  } else {
    for await (const chunk of file.createReadStream({ encoding: 'utf8', highWaterMark: 1 << 18 }))
      await stdoutOutput.write(String(chunk));
    if (format === 'ndjson') await stdoutOutput.write(`${summary}\n`);
  }
  await file.close().catch(() => undefined);
}
