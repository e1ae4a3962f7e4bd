/** Declarations to message files, against writing the very same bytes to files: `npx node bench/messages.ts [declarations] [rounds]`. Goal: at most 5 times. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, version } from 'node:process';
import { openBook } from '../src/formats/index.ts';
import type { Declaration } from '../src/model/declaration.ts';
import { parseDeclarationKey, parseRunId } from '../src/model/ids.ts';
import { loadPack } from '../src/pack/load.ts';
import { loadMessageForm } from '../src/pack/message-form.ts';
import { run } from '../src/pipeline/run.ts';
import { openMessageFolder } from '../src/window/cn-client/message-folder.ts';

const wanted = Number(argv[2] ?? 10_000);
const rounds = Number(argv[3] ?? 5);
const manifests = join(import.meta.dirname, '..', 'fixtures', 'manifests');
const scratch = mkdtempSync(join(tmpdir(), 'declarant-bench-'));
const form = loadMessageForm('cn-goods-declaration');

/** The fixtures' valid declarations, again and again under keys of their own. */
async function declarations(): Promise<readonly Declaration[]> {
  const found: Declaration[] = [];
  const runId = parseRunId('20260101-000000-test');
  if (runId === undefined) throw new Error('no run id');
  for (const manifest of ['dalian-air-imports.xlsx', 'dalian-sea-exports.xlsx']) {
    const book = await openBook(join(manifests, manifest));
    await run({
      run: runId,
      mode: 'check',
      books: [book],
      pack: await loadPack('cn-goods-declaration'),
      waitMs: 0,
      now: () => new Date('2026-11-22T08:00:00Z'),
      signal: new AbortController().signal,
      progress: { update: () => {}, say: () => {}, end: () => {} },
      take: (declaration) => {
        found.push(declaration);
        return Promise.resolve([]);
      },
      write: () => Promise.resolve(),
      restart: () => Promise.resolve(),
    });
    await book.close();
  }
  return Array.from({ length: wanted }, (_, index) => {
    const like = found[index % found.length];
    const key = parseDeclarationKey(`bench/${index}`);
    if (like === undefined || key === undefined) throw new Error('no declarations');
    return { ...like, key };
  });
}

async function timed(work: (folder: string) => Promise<void>): Promise<number> {
  const folder = join(scratch, 'round');
  mkdirSync(folder);
  const started = performance.now();
  await work(folder);
  const tookMs = performance.now() - started;
  rmSync(folder, { recursive: true });
  return tookMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

try {
  const all = await declarations();
  let files: readonly { readonly name: string; readonly bytes: Buffer }[] = [];
  const writeMessages = async (folder: string): Promise<void> => {
    const messages = await openMessageFolder(folder, { form, operType: 'G' });
    for (const declaration of all) await messages.take(declaration);
    if (messages.count() !== all.length) throw new Error('a message was not written');
  };
  await timed(async (folder) => {
    await writeMessages(folder);
    files = readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  });
  const messageMs: number[] = [];
  const bytesMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    messageMs.push(await timed(writeMessages));
    bytesMs.push(
      await timed(async (folder) => {
        for (const { name, bytes } of files) await writeFile(join(folder, name), bytes, { flag: 'wx' });
      }),
    );
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const [messages, plain] = [median(messageMs), median(bytesMs)];
  const result = {
    date: new Date().toISOString().slice(0, 10),
    node: version,
    cpu: cpus()[0]?.model ?? '',
    declarations: all.length,
    bytes,
    rounds,
    messagesMs: Math.round(messages),
    bytesMs: Math.round(plain),
    ratio: Math.round((messages / plain) * 100) / 100,
    goal: 5,
  };
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
