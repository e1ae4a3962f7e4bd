/** The answer to one declaration of an upload: 202 taken, 200 known, 409 another content, 422 refused. */
import type { WindowProblem } from '../../model/receipt.ts';
import type { Sandbox } from './context.ts';
import { historyOf } from './feed.ts';
import { lifeOf } from './life.ts';
import type { JudgedLine } from './judge.ts';
import { noteOf, receivedCode } from './notices.ts';
import { beijingTime, numbersFor } from './numbers.ts';
import { problem, type ProblemJson } from './refusal.ts';
import { textOf, wholeOf, type Row } from './store.ts';
import { faultWords, lifeWords, type Triggers } from './triggers.ts';
import { routing } from './upload.ts';

type ReceiptJson = {
  readonly id: string;
  readonly ref: string;
  readonly version: number;
  readonly batchId: string;
  readonly receivedAt: string;
  /** SHA-256 over the canonical JSON of the declaration as it was understood. */
  readonly contentDigest: string;
  readonly windowNumber: string;
  readonly text: string;
};

export type Item =
  | {
      readonly ref: string;
      readonly status: 202 | 200;
      readonly receipt: ReceiptJson;
      readonly replayed?: true;
      readonly warnings: readonly WindowProblem[];
    }
  | { readonly ref: string; readonly status: 409 | 422; readonly problem: ProblemJson };

/** Inside the upload's transaction. */
export function takeLine(sandbox: Sandbox, batch: string, line: JudgedLine): Item {
  const { store } = sandbox;
  const { ref, declaration, triggers } = line;
  const versions = store.all('select * from declaration where ref = ? order by version', ref);
  const same = versions.find((row) => row['digest'] === declaration?.digest);
  if (same !== undefined) return replay(sandbox, same);
  const latest = versions.at(-1);
  if (latest !== undefined && !isRejected(sandbox, latest)) {
    const detail = `窗口已收到该单号的其他内容（统一编号 ${textOf(latest, 'window_number')}）；修改须走改单，不能重报`;
    return refuse(sandbox, batch, line, problem('duplicate-reference', 409, detail));
  }
  const routed = declaration === undefined ? [] : routing(declaration.content);
  const complaints = [...line.complaints, ...('office' in routed ? [] : routed), ...askedFor(triggers)];
  const errors = complaints.filter(({ severity }) => severity === 'error');
  if (declaration === undefined || !('office' in routed) || errors.length > 0) {
    const detail = `共 ${errors.length} 处错误，未接收`;
    return refuse(sandbox, batch, line, problem('validation', 422, detail, { errors: complaints }));
  }
  const { digest } = declaration;
  const warnings = [...complaints, ...doubles(sandbox, ref, digest), ...unknownWords(triggers)];
  const receivedMs = sandbox.now().getTime();
  const isTaken = (column: 'window_number' | 'entry_id', number: string) =>
    store.get(`select 1 from declaration where ${column} = ?`, number) !== undefined;
  const { isImport } = routed;
  const { windowNumber, entryId } = numbersFor({ ref, digest, receivedMs, isTaken, ...routed });
  const version = versions.length + 1;
  const { serial } = store.run(
    `insert into declaration (ref, version, digest, batch, window_number, entry_id, problems) values (?, ?, ?, ?, ?, ?, ?)`,
    ref,
    version,
    digest,
    batch,
    windowNumber,
    entryId,
    JSON.stringify(warnings),
  );
  store.run(
    "insert into event (serial, step, code, state, at_ms) values (?, 0, ?, 'received', ?)",
    serial,
    receivedCode,
    receivedMs,
  );
  const { verdictDelayMs } = sandbox;
  const life = lifeOf({ digest, isImport, word: triggers.life, receivedMs, verdictDelayMs });
  life.forEach(({ dueMs, code, state }, index) => {
    store.run('insert into plan values (?, ?, ?, ?, ?)', dueMs, serial, index + 1, code, state ?? null);
  });
  const receivedAt = beijingTime(receivedMs);
  const id = `${windowNumber}-0`;
  const receipt = {
    id,
    ref,
    version,
    batchId: batch,
    receivedAt,
    contentDigest: digest,
    windowNumber,
    text: noteOf(receivedCode),
  };
  return { ref, status: 202, receipt, warnings };
}

/** The original receipt. */
function replay(sandbox: Sandbox, row: Row): Item {
  const [first] = historyOf(sandbox, wholeOf(row, 'serial'));
  if (first === undefined) throw new TypeError('a declaration without its first event');
  const { id, ref, version, batchId, occurredAt, contentDigest, windowNumber, text } = first;
  const receipt = { id, ref, version, batchId, receivedAt: occurredAt, contentDigest, windowNumber, text };
  return { ref, status: 200, receipt, replayed: true, warnings: JSON.parse(textOf(row, 'problems')) };
}

function isRejected({ store }: Sandbox, row: Row): boolean {
  const serial = wholeOf(row, 'serial');
  const sql = 'select state from event where serial = ? and state is not null order by seq desc limit 1';
  return store.get(sql, serial)?.['state'] === 'rejected';
}

function refuse(sandbox: Sandbox, batch: string, line: JudgedLine, said: ProblemJson): Item {
  const status = said.status === 409 ? 409 : 422;
  const about = line.declaration?.digest ?? 'unreadable';
  const instance = `urn:declarant:refusal:${status}:${encodeURIComponent(line.ref)}:${about}`;
  const occurredAt = beijingTime(sandbox.now().getTime());
  const item: Item = { ref: line.ref, status, problem: { ...said, instance, occurredAt } };
  const sql = 'insert into refusal (batch, ref, item) values (?, ?, ?)';
  sandbox.store.run(sql, batch, line.ref, JSON.stringify(item));
  return item;
}

function askedFor({ isInvalid }: Triggers): readonly WindowProblem[] {
  const message = '备注中的 #SANDBOX:invalid 要求沙盒窗口不予接收';
  return isInvalid
    ? [{ code: 'sandbox-invalid', severity: 'error', pointer: '/DecHead/NoteS', message }]
    : [];
}

function unknownWords({ unknown }: Triggers): readonly WindowProblem[] {
  if (unknown.length === 0) return [];
  const words = [...lifeWords, ...faultWords, 'invalid'].join('、');
  const message = `备注中的沙盒指令不认识；可用：${words}`;
  return [{ code: 'sandbox-unknown-word', severity: 'warning', pointer: '/DecHead/NoteS', message }];
}

function doubles({ store }: Sandbox, ref: string, digest: string): readonly WindowProblem[] {
  const other = store.get('select ref from declaration where digest = ? and ref <> ? limit 1', digest, ref);
  if (other === undefined) return [];
  const message = `内容与单号 ${textOf(other, 'ref')} 完全相同，请确认不是重复申报`;
  return [{ code: 'possible-duplicate', severity: 'warning', message }];
}
