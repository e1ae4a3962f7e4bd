/** The import client's folders: what is handed over, what comes back, and what happens in between. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientSeqNoOf } from '../../../src/model/ids.ts';
import type { Receipt } from '../../../src/model/receipt.ts';
import { stateAfter } from '../../../src/model/state.ts';
import { Stop } from '../../../src/model/stop.ts';
import { lookIntoJournal, openJournal } from '../../../src/window/cn-client/journal.ts';
import { openSimulator } from '../../../src/window/cn-client/simulator.ts';
import { sourcesOf } from '../../../src/window/cn-client/told.ts';
import { filesInZip } from '../../../src/window/cn-client/unzip.ts';
import type { SingleWindow } from '../../../src/window/single-window.ts';
import { batchOf, lodgement, marked } from '../lodgements.ts';
import { type FolderTrial, folderTrial, never } from './folder-trial.ts';

let trial: FolderTrial;
beforeEach(async () => void (trial = await folderTrial()));
afterEach(() => trial.close());

const outBox = (): string[] => readdirSync(join(trial.root, 'OutBox'));

async function told(window: SingleWindow = trial.window): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (let cursor = ''; ;) {
    const page = await window.events(cursor, 0, never);
    if (page.receipts.length === 0) return receipts;
    receipts.push(...page.receipts);
    cursor = page.next;
  }
}

/** The files in which each receipt came, as a journal that is only looked at tells them. */
function cameIn(receipts: readonly Receipt[], journalFile = trial.journal): readonly string[] {
  const journal = lookIntoJournal(journalFile);
  if (journal === undefined) throw new Error('no journal');
  try {
    return receipts.map((receipt) =>
      `${receipt.code ?? '—'} ${sourcesOf(receipt, journal).join(' ')}`.trim(),
    );
  } finally {
    journal.close();
  }
}

function put(name: string, text: string): void {
  writeFileSync(join(trial.root, 'InBox', name), text);
}

function facts(receipts: readonly Receipt[]): readonly string[] {
  return receipts.map((receipt) => JSON.stringify(receipt)).toSorted();
}

/** Turns the journal back to what it was at a step of handing over. */
function turnBack(phase: 'intended' | 'placing'): void {
  const journal = openJournal(trial.journal);
  journal.run('delete from feed');
  journal.run('update sent set phase = ?', phase);
  journal.close();
}

describe('handing over', () => {
  it('leaves one whole message for each declaration in OutBox, and nothing else', async () => {
    await trial.window.submit(batchOf(lodgement('A'), lodgement('B')), never);
    expect(outBox().every((name) => name.endsWith('.xml'))).toBe(true);
    const [message = ''] = outBox().map((name) => readFileSync(join(trial.root, 'OutBox', name), 'utf8'));
    expect(message).toMatch(
      /<OperType>G<\/OperType>[^]*<ClientSeqNo>D[0-9A-Z]{17}<\/ClientSeqNo>[^]*<\/DecMessage>\n$/u,
    );
    expect(outBox()).toHaveLength(2);
  });

  it('is pending, not accepted', async () => {
    const answers = await trial.window.submit(batchOf(lodgement('A')), never);
    expect(answers).toMatchObject([{ kind: 'answered', receipt: { state: 'received', code: 'OutBox' } }]);
  });

  it('stops before anything is sent where a folder is missing', async () => {
    rmSync(join(trial.root, 'InBox'), { recursive: true });
    await expect(trial.window.limits(never)).rejects.toThrow(Stop);
    const answers = await trial.window.submit(batchOf(lodgement('A')), never);
    expect(answers).toMatchObject([{ kind: 'not-sent', reason: { cause: 'unreachable' } }]);
    mkdirSync(join(trial.root, 'InBox'));
    expect(outBox()).toEqual([]);
  });

  describe('a declaration with documents', () => {
    const bytes = Buffer.from('%PDF-1.4 /Type /Page >');
    const document = (path: string) => ({
      id: '090800000001SW000000000000000001.pdf',
      path,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
    });
    const naming = () => {
      const body = `{"EdocRealation":[{"EdocFomatType":"US","EdocID":"${document('').id}"}]}`;
      return batchOf({ ...lodgement('A'), body });
    };
    /** As the journal was before the message was placed. */
    const keptAsBefore = (): void => {
      const journal = openJournal(trial.journal);
      journal.run('insert into document values (?, ?, ?)', document('').id, trial.now().toISOString(), bytes);
      journal.close();
    };
    const kept = async (): Promise<string> => {
      const path = join(trial.root, 'a.pdf');
      writeFileSync(path, bytes);
      expect(await trial.window.keepDocuments?.([document(path)])).toEqual([]);
      return path;
    };

    it('goes out as a flat archive with the bytes that were kept, whatever became of the file', async () => {
      rmSync(await kept());
      const [answer] = await trial.window.submit(naming(), never);
      expect(answer).toMatchObject({ kind: 'answered', receipt: { state: 'received' } });
      const [name = ''] = outBox();
      expect(name).toMatch(/^D[0-9A-Z]{17}-[0-9a-f]{12}-1\.zip$/u);
      const files = filesInZip(readFileSync(join(trial.root, 'OutBox', name))) ?? [];
      expect(files.map((file) => file.name)).toEqual([name.replace('.zip', '.xml'), document('').id]);
      expect(Buffer.from(files[1]?.bytes ?? []).equals(bytes)).toBe(true);
    });

    it('is not handed over without them, and goes out once they are kept', async () => {
      expect(await trial.window.submit(naming(), never)).toMatchObject([{ kind: 'not-sent' }]);
      expect(outBox()).toEqual([]);
      await kept();
      expect(await trial.window.submit(naming(), never)).toMatchObject([{ kind: 'answered' }]);
      expect(outBox()).toHaveLength(1);
    });

    it('tells which file is no longer what was looked at', async () => {
      const path = join(trial.root, 'b.pdf');
      writeFileSync(path, 'other bytes');
      expect(await trial.window.keepDocuments?.([document(path)])).toEqual([document(path)]);
    });

    it.each(['intended', 'placing'] as const)(
      'after a crash when it was %s it goes out once, whole',
      async (phase) => {
        await kept();
        await trial.window.submit(naming(), never);
        const [name = ''] = outBox();
        const sent = readFileSync(join(trial.root, 'OutBox', name));
        await trial.window.close();
        renameSync(join(trial.root, 'OutBox', name), join(trial.root, 'OutBox', `${name}.Temp`));
        turnBack(phase);
        keptAsBefore();
        trial.window = await trial.reopen();
        expect(outBox()).toEqual([]);
        await trial.window.submit(naming(), never);
        expect(outBox()).toEqual([name]);
        expect(readFileSync(join(trial.root, 'OutBox', name)).equals(sent)).toBe(true);
      },
    );

    it('is not kept any longer where a crash came right after its message was renamed', async () => {
      await kept();
      await trial.window.submit(naming(), never);
      await trial.window.close();
      turnBack('placing');
      keptAsBefore();
      trial.window = await trial.reopen();
      expect(outBox()).toHaveLength(1);
      const journal = openJournal(trial.journal);
      expect(journal.all('select id from document')).toEqual([]);
      journal.close();
    });
  });

  it('hands a correction over under the number of the draft that the window has', async () => {
    await trial.window.submit(batchOf(marked('A', 'return')), never);
    trial.advance(60_000);
    const number =
      (await told()).find(({ windowNumber }) => windowNumber !== undefined)?.windowNumber ?? 'none';
    await trial.window.submit(batchOf(lodgement('A')), never);
    const [name = ''] = outBox();
    expect(readFileSync(join(trial.root, 'OutBox', name), 'utf8')).toContain(`<SeqNo>${number}</SeqNo>`);
  });
});

describe('after a crash', () => {
  const [name] = [() => outBox()[0] ?? ''];
  const temporary = (): void => {
    const file = name();
    renameSync(join(trial.root, 'OutBox', file), join(trial.root, 'OutBox', `${file}.Temp`));
  };

  it('a message that was not renamed was not sent, and goes out once when it is sent again', async () => {
    const batch = batchOf(lodgement('A'));
    await trial.window.submit(batch, never);
    await trial.window.close();
    temporary();
    turnBack('placing');
    trial.window = await trial.reopen();
    expect(await trial.window.inquire([lodgement('A').key], never)).toMatchObject([{ kind: 'not-found' }]);
    expect(outBox()).toEqual([]);
    await trial.window.submit(batch, never);
    expect(outBox()).toHaveLength(1);
  });

  it('a message that was renamed was sent, also when the client has taken and cleaned it', async () => {
    const batch = batchOf(lodgement('A'));
    await trial.window.submit(batch, never);
    await trial.window.close();
    rmSync(join(trial.root, 'OutBox', name()));
    turnBack('placing');
    trial.window = await trial.reopen();
    expect(await trial.window.inquire([lodgement('A').key], never)).toMatchObject([{ kind: 'found' }]);
    expect(await trial.window.submit(batch, never)).toMatchObject([
      { kind: 'answered', receipt: { state: 'received' } },
    ]);
    expect(outBox()).toEqual([]);
  });

  it('nothing is told about a message while OutBox is out of reach', async () => {
    const batch = batchOf(lodgement('A'));
    await trial.window.submit(batch, never);
    await trial.window.close();
    temporary();
    turnBack('placing');
    const away = join(trial.root, 'away');
    renameSync(join(trial.root, 'OutBox'), away);
    trial.window = await trial.reopen();
    expect(await trial.window.inquire([lodgement('A').key], never)).toMatchObject([{ kind: 'no-answer' }]);
    renameSync(away, join(trial.root, 'OutBox'));
    expect(await trial.window.submit(batch, never)).toMatchObject([{ kind: 'answered' }]);
    expect(outBox()).toHaveLength(1);
  });

  it('that took the journal with it, what lies in a folder is not sent a second time', async () => {
    const batch = batchOf(lodgement('A'));
    await trial.window.submit(batch, never);
    trial.simulator.tick();
    await trial.window.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(trial.journal + suffix, { force: true });
    trial.window = await trial.reopen();
    expect(await trial.window.inquire([lodgement('A').key], never)).not.toMatchObject([
      { kind: 'not-found' },
    ]);
    await trial.window.submit(batch, never);
    expect(outBox()).toEqual([]);
  });
});

describe('what a killed run leaves in OutBox', () => {
  it('is removed by the next one where it is its own probe, and only there', async () => {
    const foreign = ['declarant.Temp', 'declarant-list.Temp', '别的程序.xml.Temp'];
    for (const name of ['declarant-0123456789ab.Temp', ...foreign])
      writeFileSync(join(trial.root, 'OutBox', name), 'declarant\n');
    await trial.reopen();
    expect(outBox().toSorted()).toEqual(foreign.toSorted());
  });
});

describe('a journal that can be written no more', () => {
  it('is a stop with exit 74, keeps what it had, and takes more once there is room', () => {
    const journal = openJournal(join(trial.root, 'full.db'));
    const [pages = {}] = journal.all('pragma page_count');
    journal.all(`pragma max_page_count = ${String(pages['page_count'])}`);
    const write = (name: string) =>
      journal.commit(() => journal.run('insert into file values (?, ?)', name, Buffer.alloc(100_000)));
    expect(() => write('a')).toThrow(
      expect.objectContaining({ code: 'cn-client/journal-unusable', exit: 74 }),
    );
    expect(journal.all('select name from file')).toEqual([]);
    journal.all('pragma max_page_count = 100000');
    write('b');
    expect(journal.all('select name from file')).toEqual([{ name: 'b' }]);
    journal.close();
  });
});

describe('a simulator that is started again', () => {
  it('gives every answer that is still due, once, and none a second time', async () => {
    await trial.window.submit(batchOf(lodgement('A'), lodgement('B', { NoteS: '#CLIENT:fail' })), never);
    trial.simulator.tick();
    const again = (): void => {
      const simulator = openSimulator({ root: trial.root, now: trial.now, seed: 'one', order: 'calm' });
      simulator.tick();
    };
    const inBox = (): readonly string[] => readdirSync(join(trial.root, 'InBox')).toSorted();
    again();
    expect(inBox()).toEqual([]);
    trial.advance(60_000);
    const whole = inBox();
    for (const name of whole.slice(1, 4)) rmSync(join(trial.root, 'InBox', name));
    again();
    expect([inBox(), whole.length > 4]).toEqual([whole, true]);
  });
});

describe('receipts', () => {
  it('are taken once each, and their files left where they are', async () => {
    await trial.window.submit(batchOf(lodgement('A')), never);
    trial.advance(60_000);
    const before = await told();
    const files = readdirSync(join(trial.root, 'InBox'));
    await trial.reopen();
    expect(await told()).toEqual(before);
    expect(readdirSync(join(trial.root, 'InBox'))).toEqual(files);
  });

  it('stay known after the client or the enterprise has cleaned every folder', async () => {
    await trial.window.submit(batchOf(lodgement('A')), never);
    trial.advance(60_000);
    const before = await told();
    for (const box of ['SentBox', 'InBox']) {
      rmSync(join(trial.root, box), { recursive: true });
      mkdirSync(join(trial.root, box));
    }
    await trial.reopen();
    expect(await told()).toEqual(before);
  });

  it('wait for the link that names their declaration, also two links long', async () => {
    await trial.window.submit(batchOf(lodgement('A')), never);
    const clientSeqNo = outBox()[0]?.slice(0, 18) ?? '';
    put(
      'Receipt_1.xml',
      '<DEC_RESULT><ENTRY_ID>090220261000000001</ENTRY_ID><CHANNEL>P</CHANNEL></DEC_RESULT>',
    );
    put(
      'Receipt_2.xml',
      '<DEC_RESULT><CUS_CIQ_NO>I20260000000000001</CUS_CIQ_NO><ENTRY_ID>090220261000000001</ENTRY_ID><CHANNEL>L</CHANNEL></DEC_RESULT>',
    );
    expect((await told()).map(({ code }) => code)).toEqual(['OutBox']);
    put(
      'Successed_3.xml',
      `<DecImportResponse><ResponseCode>0</ResponseCode><ClientSeqNo>${clientSeqNo}</ClientSeqNo><SeqNo>I20260000000000001</SeqNo></DecImportResponse>`,
    );
    const receipts = await told();
    expect(receipts.map(({ code }) => code)).toEqual(['OutBox', 'ResponseCode=0', 'L', 'P']);
    expect(cameIn(receipts)).toEqual([
      'OutBox',
      'ResponseCode=0 InBox/Successed_3.xml',
      'L InBox/Receipt_2.xml',
      'P InBox/Receipt_1.xml',
    ]);
  });

  it('are known by every file that says them, and by no file that says the same of another declaration', async () => {
    await trial.window.submit(batchOf(lodgement('A'), lodgement('B')), never);
    // Without a number in them, only their names tell whose they are: they say the very same.
    const names = outBox().map((name, at) => `Failed_${name}_2026030209000${at}000.xml`);
    for (const name of names) put(name, '<Root><failCode>C134</failCode><failInfo>超时</failInfo></Root>');
    put(`again_${names[0] ?? ''}`, '<Root><failCode>C134</failCode><failInfo>超时</failInfo></Root>');
    const failed = (await told()).filter(({ code }) => code === 'failCode=C134');
    const [one, other] = [0, 1].map((at) =>
      failed.filter(({ key }) => names[at]?.includes(clientSeqNoOf(key))),
    );
    expect(cameIn(one ?? [])).toEqual([
      `failCode=C134 InBox/${names[0] ?? ''} InBox/again_${names[0] ?? ''}`,
    ]);
    expect(cameIn(other ?? [])).toEqual([`failCode=C134 InBox/${names[1] ?? ''}`]);
  });

  it('of a journal of an earlier version are told without a file, and those that come then with theirs', async () => {
    await trial.window.submit(batchOf(lodgement('A')), never);
    trial.advance(2_000);
    const before = await told();
    await trial.window.close();
    const journal = openJournal(trial.journal);
    journal.run('drop table source');
    journal.close();
    expect(cameIn(before)).toEqual(before.map(({ code }) => code));
    trial.window = await trial.reopen();
    expect(cameIn(before)).toEqual(before.map(({ code }) => code));
    trial.advance(60_000);
    const after = (await told()).slice(before.length);
    expect(after.length).toBeGreaterThan(0);
    for (const said of cameIn(after)) expect(said).toMatch(/ InBox\/\S+$/u);
  });

  it('that are not understood are kept with the declaration that their file names', async () => {
    await trial.window.submit(batchOf(lodgement('A')), never);
    put(`Successed_${outBox()[0] ?? ''}_20260302090001000.xml`, 'torn <xml');
    const odd = (await told()).filter(({ code }) => code === undefined);
    expect(odd).toMatchObject([{ key: 'A', at: '2026-03-02T09:00:01+08:00' }]);
    expect(odd[0]?.state).toBeUndefined();
  });

  it('with a code that nobody knows move nothing and keep the code', async () => {
    await trial.window.submit(batchOf(marked('A', 'unknown-code')), never);
    trial.advance(12_000);
    const receipts = await told();
    expect(receipts.find(({ code }) => code === 'q9')).toMatchObject({ key: 'A' });
    expect(stateAfter(receipts)).toBe('accepted');
  });

  it('of a client that failed leave the declaration pending', async () => {
    await trial.window.submit(batchOf(lodgement('A', { NoteS: '#CLIENT:fail' })), never);
    trial.advance(2_000);
    const receipts = await told();
    expect(receipts.map(({ code }) => code)).toContain('failCode=C134');
    expect(stateAfter(receipts)).toBe('received');
  });

  it('lead to the same facts in whatever order and grouping their files arrive', async () => {
    const wild = await folderTrial('wild', 'seven');
    try {
      await wild.window.submit(
        batchOf(lodgement('A'), lodgement('B'), marked('C', 'return'), marked('D', 'reject')),
        never,
      );
      wild.advance(90_000);
      const inBox = join(wild.root, 'InBox');
      const files = readdirSync(inBox).map((name) => [name, readFileSync(join(inBox, name))] as const);
      const receipts = await told(wild.window);
      const expected = facts(receipts);
      const sources = cameIn(receipts, wild.journal).toSorted();
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray(files, { minLength: files.length }),
          fc.array(fc.nat(files.length), { maxLength: 3 }),
          async (order, cuts) => {
            const other = await folderTrial();
            try {
              await other.window.submit(
                batchOf(lodgement('A'), lodgement('B'), marked('C', 'return'), marked('D', 'reject')),
                never,
              );
              for (const [index, [name, content]] of order.entries()) {
                if (cuts.includes(index)) await told(other.window);
                writeFileSync(join(other.root, 'InBox', name), content);
              }
              const again = await told(other.window);
              expect(facts(again)).toEqual(expected);
              expect(cameIn(again, other.journal).toSorted()).toEqual(sources);
            } finally {
              await other.close();
            }
          },
        ),
        { numRuns: 12 },
      );
    } finally {
      await wild.close();
    }
  });
});
