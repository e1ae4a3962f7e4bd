/** Holds the table of rooms in `docs/architecture.md` true: who may import whom, and which file knows which outside package. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');

/** Room → the rooms it may import, besides itself. `model` imports nothing of ours. */
const mayImport: Record<string, readonly string[]> = {
  model: [],
  formats: ['model'],
  pack: ['model'],
  ledger: ['model'],
  window: ['model'],
  reports: ['model'],
  pipeline: ['model', 'formats', 'pack', 'ledger', 'window', 'reports'],
};
/** Only these rooms know these packages, each in as few files as said. */
const packages: Record<string, { readonly rooms: readonly string[]; readonly files: number }> = {
  'csv-parse': { rooms: ['formats', 'pack'], files: 1 },
  yauzl: { rooms: ['formats'], files: 1 },
  saxes: { rooms: ['formats', 'window'], files: 1 },
  ajv: { rooms: ['pack'], files: 1 },
  undici: { rooms: ['window'], files: 1 },
  exceljs: { rooms: ['reports'], files: 1 },
  'node:sqlite': { rooms: ['ledger', 'window'], files: 2 },
  commander: { rooms: ['cli.ts', 'commands'], files: 1 },
  ora: { rooms: ['progress.ts'], files: 1 },
};

type Import = {
  readonly file: string;
  readonly room: string;
  readonly target: string;
  readonly isOurs: boolean;
  readonly isType: boolean;
};

const imports = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name): Import[] => {
    const file = name.split(sep).join('/');
    const text = readFileSync(join(source, name), 'utf8');
    const found = text.matchAll(
      /^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|^import\s+'([^']+)'/gmu,
    );
    return [...found].map((match) => {
      const target = match[2] ?? match[3] ?? match[4] ?? '';
      const isOurs = target.startsWith('.');
      const path = isOurs ? posix.normalize(posix.join(posix.dirname(file), target)) : target;
      return { file, room: file.split('/')[0] ?? '', target: path, isOurs, isType: match[1] !== undefined };
    });
  });

describe('the rooms', () => {
  test('there are imports to look at', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  test.each(Object.keys(mayImport))('%s imports only the rooms that the table allows', (room) => {
    const wrong = imports
      .filter((each) => each.room === room && each.isOurs && !each.target.startsWith('..'))
      .filter(
        ({ target }) =>
          target.split('/')[0] !== room && !mayImport[room]?.includes(target.split('/')[0] ?? ''),
      )
      .map(({ file, target }) => `${file} → ${target}`);
    expect(wrong).toEqual([]);
  });

  test('pipeline opens nothing: it imports no way to files, network or database', () => {
    const wrong = imports.filter(
      ({ room, target }) =>
        room === 'pipeline' && /^node:(fs|net|http|https|sqlite|child_process)/u.test(target),
    );
    expect(wrong).toEqual([]);
  });

  test.each(Object.entries(packages))('%s is known to few files, in its room', (name, { rooms, files }) => {
    const users = imports.filter(
      ({ target, isType }) => !isType && (target === name || target.startsWith(`${name}/`)),
    );
    expect(
      users
        .filter(({ room, file }) => !rooms.includes(room) && !rooms.includes(file))
        .map(({ file }) => file),
    ).toEqual([]);
    const perRoom = new Map<string, Set<string>>();
    for (const { room, file } of users) perRoom.set(room, (perRoom.get(room) ?? new Set()).add(file));
    for (const [room, each] of perRoom)
      expect([...each].length, `${name} in ${room}: ${[...each].join(', ')}`).toBeLessThanOrEqual(files);
  });

  test('heavy packages are imported when they are needed, not at the start', () => {
    const eager = reachable('cli.ts');
    const heavy = imports.filter(
      ({ file, target, isType }) =>
        !isType && eager.has(file) && target in packages && target !== 'commander',
    );
    expect(heavy.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  test('no file is longer than 250 lines, but for literal data', () => {
    const long = [...new Set(imports.map(({ file }) => file))].filter(
      (file) => readFileSync(join(source, file), 'utf8').split('\n').length > 251,
    );
    expect(long).toEqual([]);
  });

  test('every file begins with its job', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    expect(files.filter((name) => !readFileSync(join(source, name), 'utf8').startsWith('/**'))).toEqual([]);
  });
});

/** Files loaded with `from`, following static imports of values only. */
function reachable(from: string): Set<string> {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(source, file), 'utf8');
    for (const match of text.matchAll(/^(?:import|export)\s+(?!type\s)[^;]*?from\s+'(\.[^']+)'/gmu)) {
      visit(
        relative(source, join(source, dirname(file), match[1] ?? ''))
          .split(sep)
          .join('/'),
      );
    }
  };
  visit(from);
  return seen;
}
