/** Runs whole processes in turn and keeps what each took. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';

export type Job = {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};
export type Sample = {
  readonly wallMs: number;
  readonly userMs: number;
  readonly peakMiB: number;
  readonly code: number;
};
export type Medians = {
  readonly name: string;
  readonly wallMs: number;
  readonly userMs: number;
  readonly peakMiB: number;
};

const usageHook = path.join(import.meta.dirname, 'usage.ts');

/** One run of `node …args`; its output is dropped. `scratch` is a folder for the usage file. */
export async function runOnce(job: Job, scratch: string): Promise<Sample> {
  const usageFile = path.join(scratch, 'usage.json');
  rmSync(usageFile, { force: true });
  const started = performance.now();
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', usageHook, ...job.args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...job.env, BENCH_USAGE: usageFile },
    });
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? -1));
  });
  const wallMs = performance.now() - started;
  const usage = parseUsage(readFileSync(usageFile, 'utf8'));
  return { wallMs, userMs: usage.userCPUTime / 1000, peakMiB: usage.maxRSS / 1024, code };
}

function parseUsage(text: string): { readonly userCPUTime: number; readonly maxRSS: number } {
  return JSON.parse(text) as { userCPUTime: number; maxRSS: number };
}

/** A B C, A B C, … : `rounds` times, so that a busy moment of the machine falls on all. Throws where a run ends with another code than 0. */
export async function interleaved(
  jobs: readonly Job[],
  rounds: number,
  scratch: string,
): Promise<readonly Medians[]> {
  const samples = jobs.map((): Sample[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, job] of jobs.entries()) {
      const sample = await runOnce(job, scratch);
      if (sample.code !== 0) throw new Error(`${job.name} ended with ${sample.code}`);
      samples[at]?.push(sample);
    }
  }
  return jobs.map(({ name }, at) => ({
    name,
    wallMs: median(samples[at]?.map(({ wallMs }) => wallMs) ?? []),
    userMs: median(samples[at]?.map(({ userMs }) => userMs) ?? []),
    peakMiB: median(samples[at]?.map(({ peakMiB }) => peakMiB) ?? []),
  }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** What kind of machine: never its name. */
export function machineClass(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return `${availableParallelism()} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

/** Writes `bench/results/<name>.json`. */
export function keepResults(name: string, results: unknown): void {
  const folder = path.join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const kept = { name, date: new Date().toISOString().slice(0, 10), machine: machineClass(), results };
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(kept, undefined, 2)}\n`);
}
