/** Looking at InBox again and again: a folder at rest is not read, and nothing is missed for that. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldersUnder } from '../../../src/window/cn-client/folders.ts';
import { openInBox } from '../../../src/window/cn-client/in-box.ts';
import { type Journal, openJournal } from '../../../src/window/cn-client/journal.ts';
import { codes } from './folder-trial.ts';

const longAgo = 1_700_000_000;
let root = '';
let inBox = '';
let journal: Journal;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'declarant-收件-'));
  inBox = foldersUnder(root).InBox;
  mkdirSync(inBox);
  journal = openJournal(join(root, 'journal.db'));
});
afterEach(() => {
  journal.close();
  rmSync(root, { recursive: true });
});

function put(name: string, text: string, when = longAgo): void {
  writeFileSync(join(inBox, name), text);
  utimesSync(join(inBox, name), when, when);
}

const rest = (): void => utimesSync(inBox, longAgo, longAgo);
const taken = (): readonly unknown[] =>
  journal.all('select name from file order by name').map(({ name }) => name);
const looker = (settleMs = 0) => openInBox({ folders: foldersUnder(root), journal, codes, settleMs });

describe('a look at InBox', () => {
  it('takes what came into a folder that had rested', async () => {
    const box = looker();
    put('a.xml', '<DEC_RESULT/>');
    rest();
    await box.look();
    await box.look();
    put('b.xml', '<DEC_RESULT/>');
    await box.look();
    expect(taken()).toEqual(['InBox/a.xml', 'InBox/b.xml']);
  });

  it('comes back for a file that was not finished, though the folder shows no change', async () => {
    const box = looker(60_000);
    put('half.xml', '<DEC_RES', Date.now() / 1000);
    rest();
    await box.look();
    expect(taken()).toEqual([]);
    put('half.xml', '<DEC_RESULT/>');
    rest();
    await box.look();
    expect(taken()).toEqual(['InBox/half.xml']);
  });

  it('does not read a folder at rest', async () => {
    const box = looker();
    put('a.xml', '<DEC_RESULT/>');
    rest();
    await box.look();
    put('b.xml', '<DEC_RESULT/>');
    // As if nothing had come: what a look would take shows whether it read the folder.
    rest();
    await box.look();
    expect(taken()).toEqual(['InBox/a.xml']);
    await looker().look();
    expect(taken()).toEqual(['InBox/a.xml', 'InBox/b.xml']);
  });

  it('takes each of many files once, whatever else is in the folder', async () => {
    for (let at = 0; at < 1_203; at += 1) put(`r${at}.xml`, `<DEC_RESULT><NOTE>${at}</NOTE></DEC_RESULT>`);
    mkdirSync(join(inBox, 'old.xml'));
    put('x.xml.tmp', 'half');
    await looker().look();
    await looker().look();
    expect(taken()).toHaveLength(1_203);
    expect(journal.get('select count(*) as n from waiting')).toEqual({ n: 1_203 });
  });
});
