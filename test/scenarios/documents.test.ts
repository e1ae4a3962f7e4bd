/** A manifest that names documents, as a clerk lodges it: looked at first, sent with the message, and never half. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { filesInZip } from '../../src/window/cn-client/unzip.ts';
import { folderNames } from '../../src/window/cn-client/folders.ts';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';

const manifest = join(import.meta.dirname, '../../fixtures/manifests/dalian-air-imports-utf8.csv');

const pdf = (text: string): string =>
  `%PDF-1.4\n1 0 obj << /Type /Page >> endobj\n<< /Type /Pages >>\n${text}`;

/** The first declaration of the manifest, with an invoice. */
function withInvoice(): string {
  const [header = '', ...rows] = readFileSync(manifest, 'utf8').trimEnd().split(/\r?\n/u);
  const reference = rows[0]?.split(',')[0] ?? '';
  const own = rows.filter((row) => row.startsWith(`${reference},`));
  const lines = own.map((row, index) => `${row},${index === 0 ? '00000001,发票.pdf,US' : ',,'}`);
  return [`${header},随附单据文件类别,随附单据编号,随附单据格式类型`, ...lines, ''].join('\n');
}

let place: Place;
const at = (...parts: string[]): string => join(place.folder, ...parts);
const client = ['--window', 'cn-client', '--root', 'client', '--yes', '--wait', '0'];
const inOutBox = (): string[] => readdirSync(at('client', 'OutBox'));

async function results(...words: string[]) {
  const { code, stdout } = await declarant(place, [...words, '--format', 'json']);
  const told = JSON.parse(stdout);
  const rows: { outcome: string; problems: { code: string; cell?: string; value?: string }[] }[] =
    told.results;
  return {
    code,
    outcomes: [...new Set(rows.map(({ outcome }) => outcome))],
    problems: rows.flatMap((row) => row.problems),
  };
}

beforeEach(async () => {
  place = await freshPlace();
  for (const name of folderNames) mkdirSync(at('client', name), { recursive: true });
  writeFileSync(at('m.csv'), withInvoice());
  writeFileSync(at('发票.pdf'), pdf('first'));
});

describe('a manifest that names documents', () => {
  it('is checked with them: what is missing is told at its cell, and nothing is sent', async () => {
    rmSync(at('发票.pdf'));
    const checked = await results('check', 'm.csv');
    expect(checked).toMatchObject({ code: 1, outcomes: ['set-aside'] });
    const [missing] = checked.problems.filter(({ code }) => code === 'attachment/not-found');
    expect(missing).toMatchObject({ value: '发票.pdf' });
    expect(missing?.cell).toMatch(/^[A-Z]+2$/u);
    expect(await results('import', 'm.csv', ...client)).toMatchObject({ code: 1, outcomes: ['set-aside'] });
    expect(inOutBox()).toEqual([]);
  });

  it('goes into OutBox as one archive, and is not sent again', async () => {
    expect(await results('check', 'm.csv')).toMatchObject({ code: 0, outcomes: ['valid'] });
    expect(await results('import', 'm.csv', ...client)).toMatchObject({ code: 0, outcomes: ['pending'] });
    const [name = '', ...more] = inOutBox();
    expect(more).toEqual([]);
    const files = filesInZip(readFileSync(at('client', 'OutBox', name))) ?? [];
    expect(files.map((file) => file.name.split('.').at(-1))).toEqual(['xml', 'pdf']);
    expect(Buffer.from(files[1]?.bytes ?? []).toString()).toBe(pdf('first'));
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toContain('<EdocCopId>发票.pdf</EdocCopId>');
    expect(await results('import', 'm.csv', ...client)).toMatchObject({ code: 0, outcomes: ['pending'] });
    expect(inOutBox()).toEqual([name]);
  });

  it('is another content where a document has other bytes: never a second declaration', async () => {
    await results('import', 'm.csv', ...client);
    writeFileSync(at('发票.pdf'), pdf('second'));
    const again = await results('import', 'm.csv', ...client);
    expect(again).toMatchObject({ code: 1, outcomes: ['duplicate'] });
    expect(again.problems.map(({ code }) => code)).toContain('duplicate/content-changed');
    expect(inOutBox()).toHaveLength(1);
  });

  it('stays lodged where the document was moved away since', async () => {
    await results('import', 'm.csv', ...client);
    renameSync(at('发票.pdf'), at('elsewhere.pdf'));
    const again = await results('import', 'm.csv', ...client);
    expect(again).toMatchObject({ code: 0, outcomes: ['pending'] });
    expect(again.problems.map(({ code }) => code)).toContain('attachment/not-found');
  });

  it('is lodged with the sandbox window too, which is told their names', async () => {
    expect(await results('import', 'm.csv', '--yes', '--wait', '20')).toMatchObject({
      code: 0,
      outcomes: ['accepted'],
    });
  });

  it('is taken out of a watched folder, its documents left where they are', async () => {
    mkdirSync(at('in'));
    renameSync(at('m.csv'), at('in', 'm.csv'));
    renameSync(at('发票.pdf'), at('in', '发票.pdf'));
    const { code } = await declarant(place, ['watch-folder', 'in', '--once', '--settle', '0', ...client]);
    expect(code).toBe(0);
    expect(inOutBox()).toEqual([expect.stringMatching(/\.zip$/u)]);
    expect(readdirSync(at('in'))).toContain('发票.pdf');
  });

  it('comes back whole from what export wrote', async () => {
    await declarant(place, ['export', 'm.csv', '--as', 'cn-decmessage', '-o', 'messages']);
    const [zip = ''] = readdirSync(at('messages'));
    expect(zip).toMatch(/\.zip$/u);
    rmSync(at('发票.pdf'));
    expect(await results('check', join('messages', zip))).toMatchObject({ code: 0, outcomes: ['valid'] });
  });
});
