/** Bugs to plant in copies of the program: what is changed where, and which invariant must break. */
import type { CampaignPlan } from './campaign-plan.ts';

type Edit = { readonly file: string; readonly from: string; readonly to: string };
export type Bug = {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Found in virtual time, without processes and without the checker. */
  readonly bySimulation: boolean;
  /** Found by kills and the checker, for one of these reasons. Absent: nothing that kills could show. */
  readonly bySoak?: Pick<CampaignPlan, 'kind' | 'window' | 'fullDisk' | 'seenAtMost' | 'byNames'> & {
    /** Kills of one campaign; absent: 12. */
    readonly kills?: number;
    readonly breaks: readonly string[];
  };
};

const send = 'src/pipeline/send.ts';
const reconcile = 'src/pipeline/reconcile.ts';
const rules = 'src/pipeline/resend-rules.ts';
const answers = 'src/pipeline/answers.ts';
const exchange = 'src/window/http/exchange.ts';
const handOver = 'src/window/cn-client/hand-over.ts';

/** So late that it does not matter how fast this machine asks; and it is given the time to ask. */
const late = {
  kind: 'lookup',
  window: { faults: 0.6, lateMs: 20_000, settle: 26, mix: ['late'] },
  seenAtMost: 120,
} as const;

/** Where it went wrong the next runs show it; more kills would only make them more. */
const renamed = { kind: 'cn-client', byNames: 1, kills: 3 } as const;

export const bugs: readonly Bug[] = [
  {
    name: 'a new key on the wire when sent again',
    edits: [
      {
        file: 'src/window/http-lodgement.ts',
        from: "const headers = { 'idempotency-key': batch.id };",
        to: "const headers = { 'idempotency-key': crypto.randomUUID() };",
      },
    ],
    bySimulation: false,
    bySoak: { kind: 'key', breaks: ['I2', 'I5'] },
  },
  {
    name: 'a batch under a new key when sent again',
    edits: [
      {
        file: reconcile,
        from: 'const again = { id: batch.id,',
        to: 'const again = { id: engine.newBatchId(),',
      },
    ],
    bySimulation: true,
  },
  {
    name: 'sent before the attempt is written down',
    edits: [
      {
        file: send,
        from: '    const number = ledger.beginAttempt(',
        to: '    const early = await window.submit(batch, engine.deadline(engine.requestMs));\n    const number = ledger.beginAttempt(',
      },
      {
        file: send,
        from: 'answers: await window.submit(batch, engine.deadline(engine.requestMs)) }',
        to: 'answers: early }',
      },
    ],
    bySimulation: true,
    bySoak: { kind: 'key', breaks: ['I2', 'I13'] },
  },
  {
    name: 'a commit that met a full disk taken for done',
    edits: [
      {
        file: 'src/ledger/database.ts',
        from: "    try {\n      const result = work();\n      this.beforeCommit();\n      this.exec('COMMIT');",
        to: "    let result: T | undefined;\n    try {\n      result = work();\n      this.beforeCommit();\n      this.exec('COMMIT');",
      },
      {
        file: 'src/ledger/database.ts',
        from: 'if (error instanceof Stop && error.exit === exitCode.storage) this.#failure = error;\n      this.#rollBack();',
        to: 'this.#rollBack();\n      if (error instanceof Stop && error.exit === exitCode.storage) return result as T;',
      },
    ],
    bySimulation: false,
    // The ledger misses the batch that was never written: a defect of ours, exit 70, and no run ends well.
    bySoak: { kind: 'key', fullDisk: { share: 0.7, bytes: 60_000 }, breaks: ['I7'] },
  },
  {
    name: 'no settle time',
    edits: [
      {
        file: rules,
        from: 'return Math.max(settleMs, 2 * requestMs);',
        to: 'return 0 * (settleMs + requestMs);',
      },
    ],
    bySimulation: true,
    bySoak: { ...late, breaks: ['I2'] },
  },
  {
    name: '"not found" believed at once',
    edits: [
      {
        file: rules,
        from: "if (word === 'no-answer') return { step: 'leave' };",
        to: "if (restedMs >= 0) return { step: 'free' };",
      },
    ],
    bySimulation: true,
    bySoak: { ...late, breaks: ['I2'] },
  },
  {
    name: 'no answer taken for not found',
    edits: [
      {
        file: reconcile,
        from: "const isSilent = open.some((key) => (asked.words.get(key)?.kind ?? 'no-answer') === 'no-answer');",
        to: 'const isSilent = false;',
      },
    ],
    bySimulation: true,
  },
  {
    name: 'a doubt forgotten',
    edits: [
      {
        file: send,
        from: "if (kind === 'not-sent' && !doubted.has(key))",
        to: 'if (!doubted.has(`${key}?`))',
      },
    ],
    bySimulation: true,
    bySoak: { ...late, breaks: ['I2', 'I3'] },
  },
  {
    name: 'what was in doubt set free by a later refusal',
    edits: [
      { file: send, from: "if (kind === 'not-sent' && !doubted.has(key))", to: "if (kind === 'not-sent')" },
    ],
    bySimulation: true,
    // 200 kills did not show it, even at a window with keys where 19 of 20 requests fail, late commits and 503 mixed.
  },
  {
    name: 'a batch in doubt counted as never sent',
    edits: [{ file: reconcile, from: 'if (!batch.isDoubted) {', to: 'if (batch.intents.length > 0) {' }],
    bySimulation: true,
    bySoak: { kind: 'key', breaks: ['I2', 'I3'] },
  },
  {
    name: 'what was turned away kept in doubt',
    edits: [
      {
        file: 'src/ledger/sqlite-ledger.ts',
        from: "attempts.some(({ how }) => how !== 'not-sent')",
        to: 'attempts.length > 0',
      },
    ],
    // The simulation has a ledger of its own.
    bySimulation: false,
    bySoak: { kind: 'none', window: { faults: 0.5, mix: ['429', '503'] }, breaks: ['I7'] },
  },
  {
    name: '"duplicate" taken for a rejection',
    edits: [
      {
        file: answers,
        from: 'else if (answer.isDuplicate === true) duplicates.push(answer.receipt);',
        to: '',
      },
    ],
    bySimulation: true,
    // The window's later word mends the ledger: kills show it only by luck.
  },
  {
    name: 'a window that only looks up treated as one with keys',
    edits: [
      {
        file: send,
        from: "return promises.kind === 'key' ||",
        to: "return promises.kind === 'lookup' || promises.kind === 'key' ||",
      },
    ],
    bySimulation: true,
    bySoak: { ...late, breaks: ['I2'] },
  },
  {
    name: 'a 207 read as success',
    edits: [
      {
        file: 'src/window/http/items.ts',
        from: "      return { kind: 'not-sent', key, reason: { cause: 'unavailable', status } };",
        to: "      return { kind: 'answered', key, receipt: { key, digest: lodgement.digest, id: `ok-${key}`, state: 'accepted', at: '2026-01-05T00:00:00Z', problems: [] } };",
      },
    ],
    bySimulation: false,
    bySoak: { kind: 'key', window: { faults: 0.4, mix: ['partial'] }, breaks: ['I3'] },
  },
  {
    name: 'open batches left alone by the next run',
    edits: [
      {
        file: reconcile,
        from: 'for (const batch of engine.ledger.openBatches()) {',
        to: 'for (const batch of engine.ledger.openBatches().slice(1000)) {',
      },
    ],
    bySimulation: true,
    bySoak: { kind: 'key', breaks: ['I7'] },
  },
  {
    name: 'Retry-After ignored',
    edits: [
      {
        file: exchange,
        from: "const retryAfterMs = waitOf(one(head['retry-after']), date);",
        to: "const retryAfterMs = one(head['retry-after']) === undefined ? undefined : 0;",
      },
    ],
    bySimulation: false,
    bySoak: { kind: 'key', window: { faults: 0.5, mix: ['429', '503'] }, breaks: ['I8'] },
  },
  {
    name: 'results written in their place instead of beside it',
    edits: [
      {
        file: 'src/io.ts',
        from: "const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);",
        to: 'const temporary = path; void [join, dirname, basename, randomBytes];',
      },
    ],
    bySimulation: false,
    bySoak: { kind: 'key', breaks: ['I10'] },
  },
  {
    name: 'a message written in its place instead of beside it',
    edits: [
      {
        file: handOver,
        from: 'join(folders.OutBox, `${name}.Temp`);',
        to: 'join(folders.OutBox, name);',
      },
    ],
    bySimulation: false,
    bySoak: { kind: 'cn-client', breaks: ['I2', 'I10'] },
  },
  {
    name: 'a message in OutBox before the journal has it',
    edits: [
      {
        file: handOver,
        from: '  journal.commit(() => {\n    for (const { key, digest,',
        to: "  journal.run('begin immediate');\n  void (() => {\n    for (const { key, digest,",
      },
      {
        file: handOver,
        from: '  });\n  const written =',
        to: '  })();\n  const written =',
      },
      { file: handOver, from: "  setPhase(journal, written, 'placing');", to: '  void setPhase;' },
      {
        file: handOver,
        from: '  const stems = new Set(placed',
        to: "  journal.run('commit');\n  const stems = new Set(placed",
      },
    ],
    bySimulation: false,
    bySoak: { ...renamed, breaks: ['I2', 'I5'] },
  },
  {
    name: 'what was renamed into OutBox before a kill taken for not handed over',
    edits: [
      {
        file: handOver,
        from: "const isPlaced = row['phase'] === 'placing' &&",
        to: "const isPlaced = row['phase'] === 'placed' &&",
      },
    ],
    bySimulation: false,
    bySoak: { ...renamed, breaks: ['I2'] },
  },
  {
    name: 'the token printed',
    edits: [
      {
        file: 'src/window/http/sign-in.ts',
        from: '  let current = token;',
        to: '  process.stderr.write(token ?? "");\n  let current = token;',
      },
    ],
    bySimulation: false,
    bySoak: { kind: 'key', breaks: ['I11'] },
  },
];
