/** Plants bugs in copies of the program, one at a time, and demands that soak or simulation finds each: a checker that finds nothing proves nothing. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';

const root = join(import.meta.dirname, '../..');
type Bug = {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly by: 'simulation' | 'soak';
  readonly kind?: 'key' | 'lookup' | 'duplicate-refusing';
};

const send = 'src/pipeline/send.ts';
const reconcile = 'src/pipeline/reconcile.ts';
const rules = 'src/pipeline/resend-rules.ts';
const answers = 'src/pipeline/answers.ts';
const bugs: readonly Bug[] = [
  {
    name: 'a new key when sent again',
    by: 'simulation',
    file: reconcile,
    from: 'const again = { id: batch.id,',
    to: 'const again = { id: engine.newBatchId(),',
  },
  {
    name: 'sent before it is written down',
    by: 'simulation',
    file: send,
    from: '    const number = ledger.beginAttempt(',
    to: '    void engine.window.submit(batch, engine.deadline(1));\n    const number = ledger.beginAttempt(',
  },
  {
    name: 'no settle time',
    by: 'simulation',
    file: rules,
    from: 'if (restedMs < settleMs)',
    to: 'if (restedMs < 0)',
  },
  {
    name: '"not found" believed at once',
    by: 'simulation',
    file: rules,
    from: "if (word === 'no-answer') return { step: 'leave' };",
    to: "if (restedMs >= 0) return { step: 'free' };",
  },
  {
    name: 'no answer taken for not found',
    by: 'simulation',
    file: reconcile,
    from: "const isSilent = open.some((key) => asked.words.get(key)?.kind === 'no-answer');",
    to: 'const isSilent = false;',
  },
  {
    name: 'a doubt forgotten',
    by: 'simulation',
    file: send,
    from: "if (kind === 'not-sent' && !doubted.has(key))",
    to: 'if (!doubted.has(`${key}?`))',
  },
  {
    name: 'what was in doubt set free by a later refusal',
    by: 'simulation',
    file: send,
    from: "if (kind === 'not-sent' && !doubted.has(key))",
    to: "if (kind === 'not-sent')",
  },
  {
    name: '"duplicate" taken for a rejection',
    by: 'simulation',
    file: answers,
    from: 'else if (answer.isDuplicate === true) duplicates.push(answer.receipt);',
    to: '',
  },
  {
    name: 'a window that only looks up treated as one with keys',
    by: 'simulation',
    file: send,
    from: "return promises.kind === 'key' ||",
    to: "return promises.kind === 'lookup' || promises.kind === 'key' ||",
  },
  {
    name: 'a 207 read as success',
    by: 'soak',
    file: 'src/window/http/items.ts',
    from: 'if (!isText(ref) || !ours.has(ref)) return lodgements.map(cannotKnow);',
    to: "if (!isText(ref) || !ours.has(ref)) return lodgements.map(({ key, digest }) => ({ kind: 'answered', key, receipt: { key, digest, id: `ok-${key}`, state: 'accepted', at: '2026-01-05T00:00:00Z', problems: [] } }));",
  },
  {
    name: 'open batches left alone by the next run',
    by: 'simulation',
    file: reconcile,
    from: 'for (const batch of engine.ledger.openBatches()) {',
    to: 'for (const batch of engine.ledger.openBatches().slice(1000)) {',
  },
  {
    name: 'Retry-After ignored',
    by: 'soak',
    file: 'src/window/http/exchange.ts',
    from: 'const retryAfterMs = waitOf(',
    to: 'const retryAfterMs = 0 * Number(waitOf(',
  },
];

/** A copy of the program with one place changed; throws where the place is no longer there. */
function planted({ file, from, to }: Bug): string {
  const copy = mkdtempSync(join(tmpdir(), 'declarant-teeth-'));
  for (const part of [
    'bin',
    'src',
    'schemas',
    'package.json',
    'test/simulation',
    'test/soak',
    'fixtures/manifests',
  ])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const text = readFileSync(join(copy, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} no longer holds: ${from}`);
  const fixed = to.includes('0 * Number(waitOf(')
    ? text
        .replace(from, to)
        .replace("one(head['retry-after']), date)", "one(head['retry-after']), date) ?? 0)")
    : text.replace(from, to);
  writeFileSync(join(copy, file), fixed);
  return copy;
}

async function findsIn(bug: Bug, copy: string): Promise<string | undefined> {
  if (bug.by === 'simulation') {
    const ended = spawnSync(process.execPath, [join(copy, 'test/simulation/simulate.ts'), '2000'], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    const count = ended.stdout.split('\n').filter((line) => line.startsWith('FAILED')).length;
    return count > 0 ? `${count} of 2000 seeds` : undefined;
  }
  let kills = 0;
  for (let seed = 1; kills < 200; seed += 1) {
    const end = await campaign({
      seed,
      kind: bug.kind ?? 'key',
      kills: 10,
      program: join(copy, 'bin/declarant.js'),
    });
    kills += end.kills;
    rmSync(end.folder, { recursive: true, force: true });
    if (end.wrong.length > 0) return `after ${kills} kills: ${end.wrong[0]?.slice(0, 80) ?? ''}`;
  }
  return undefined;
}

const { values } = parseArgs({ options: { only: { type: 'string' }, by: { type: 'string' } } });
let missed = 0;
for (const bug of bugs) {
  if (
    (values.only !== undefined && !bug.name.includes(values.only)) ||
    (values.by !== undefined && values.by !== bug.by)
  )
    continue;
  const copy = planted(bug);
  const found = await findsIn(bug, copy);
  rmSync(copy, { recursive: true, force: true });
  if (found === undefined) missed += 1;
  process.stdout.write(
    `${found === undefined ? 'MISSED' : 'found'}  ${bug.name}${found === undefined ? '' : `  (${bug.by}, ${found})`}\n`,
  );
}
process.exitCode = missed === 0 ? 0 : 1;
