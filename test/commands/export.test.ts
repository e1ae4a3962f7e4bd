/** `declarant export` as a user runs it. */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { declarant, freshPlace, type Place } from '../cli/run-cli.ts';

const manifests = join(import.meta.dirname, '..', '..', 'fixtures', 'manifests');
const words = ['--as', 'cn-decmessage', '-o', 'messages', '--lang', 'en'];

async function placeWith(name: string): Promise<Place> {
  const place = await freshPlace();
  await copyFile(join(manifests, name), join(place.folder, name));
  return place;
}

test('writes one message for each declaration, and a check of the folder finds the same declarations valid', async () => {
  const place = await placeWith('dalian-sea-exports.xlsx');
  const { code, stderr } = await declarant(place, ['export', 'dalian-sea-exports.xlsx', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: `20 messages in ${join(place.folder, 'messages')}\n` });
  const names = await readdir(join(place.folder, 'messages'));
  expect(names.filter((name) => /^D[0-9A-Z]{17}\.xml$/u.test(name))).toHaveLength(20);
  const again = await declarant(place, ['check', 'messages', '--format', 'json']);
  expect(JSON.parse(again.stdout).summary).toMatchObject({ declarations: 20, exit: 0 });
});

test('sets flawed declarations aside as a check does, and writes the others', async () => {
  const place = await placeWith('flawed-air-imports.xlsx');
  const checked = await declarant(place, ['check', 'flawed-air-imports.xlsx', '--format', 'json']);
  const exported = await declarant(place, [
    'export',
    'flawed-air-imports.xlsx',
    ...words,
    '--format',
    'json',
  ]);
  const [one, other] = [JSON.parse(checked.stdout).summary, JSON.parse(exported.stdout).summary];
  expect(exported.code).toBe(1);
  expect(other.byOutcome).toEqual(one.byOutcome);
  expect(await readdir(join(place.folder, 'messages'))).toHaveLength(other.byOutcome.valid.declarations);
});

test('leaves the very same messages alone, and never writes over another one', async () => {
  const place = await placeWith('dalian-sea-exports.xlsx');
  await declarant(place, ['export', 'dalian-sea-exports.xlsx', ...words]);
  const [first = ''] = await readdir(join(place.folder, 'messages'));
  const same = await declarant(place, ['export', 'dalian-sea-exports.xlsx', ...words]);
  expect(same.code).toBe(0);
  await writeFile(join(place.folder, 'messages', first), 'mine');
  const other = await declarant(place, ['export', 'dalian-sea-exports.xlsx', ...words]);
  expect(other.code).toBe(1);
  expect(other.stdout).toContain('message/other-file-there');
  expect(await readFile(join(place.folder, 'messages', first), 'utf8')).toBe('mine');
});

test('bears the operation and version that the office chose', async () => {
  const place = await placeWith('dalian-sea-exports.xlsx');
  await declarant(place, [
    'export',
    'dalian-sea-exports.xlsx',
    ...words,
    '--oper-type',
    'declare',
    '--message-version',
    '4.8',
  ]);
  const [first = ''] = await readdir(join(place.folder, 'messages'));
  const message = await readFile(join(place.folder, 'messages', first), 'utf8');
  expect(message).toContain('Version="4.8"');
  expect(message).toContain('<OperType>C</OperType>');
});

test.each([
  [['--as', 'cn-decmessage'], 'message/flag-missing'],
  [['-o', 'x'], 'message/flag-missing'],
  [['--as', 'other', '-o', 'x'], 'message/flag-value'],
  [[...words, '--message-version', 'new'], 'usage/invalid-value'],
])('refuses %j with what is missing', async (given, problem) => {
  const place = await placeWith('dalian-sea-exports.xlsx');
  const { code, stderr } = await declarant(place, ['export', 'dalian-sea-exports.xlsx', ...given]);
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
});
