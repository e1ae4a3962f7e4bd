/** Loading a pack: by name, from a folder of data alone, and with a stop that says which file is wrong. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packFolder } from '../../src/pack/build/make-schema.ts';
import { loadPack } from '../../src/pack/load.ts';
import { Stop } from '../../src/model/stop.ts';
import { soundDeclaration } from './sample.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pack-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function stopOf(name: string): Promise<Stop> {
  try {
    await loadPack(name);
  } catch (error) {
    if (error instanceof Stop) return error;
    throw error;
  }
  throw new Error('no stop');
}

describe('the pack that comes with the program', () => {
  it('loads by its name', async () => {
    const pack = await loadPack('cn-goods-declaration');
    expect(pack.name).toBe('cn-goods-declaration');
    expect(pack.identity[0]).toEqual({ needs: ['Declarant.Reference'], also: [] });
    expect([...pack.segments.keys()].slice(0, 3)).toEqual(['Declarant', 'DecHead', 'DecLists']);
  });

  it('names in its identity and direction only fields that it has', async () => {
    const pack = await loadPack('cn-goods-declaration');
    const named = [pack.direction.field, ...pack.identity.flatMap(({ needs, also }) => [...needs, ...also])];
    expect(named.filter((path) => !pack.fields.has(path))).toEqual([]);
  });

  it('fills only fields that it has', async () => {
    const pack = await loadPack('cn-goods-declaration');
    expect([...pack.fillable].filter((path) => !pack.fields.has(path))).toEqual([]);
  });
});

describe('a folder', () => {
  it('without a compiled validator gives the same verdicts', async () => {
    cpSync(packFolder, folder, { recursive: true, filter: (path) => !path.endsWith('.generated.js') });
    const [builtIn, own] = [await loadPack('cn-goods-declaration'), await loadPack(folder)];
    const content = soundDeclaration(builtIn, 'import');
    expect(own.checkShape(content)).toEqual([]);
    Object.assign(content.DecHead, {
      IEDate: '20260230',
      TradeCountry: 'JPX',
      NoteS: '中'.repeat(200),
      Foo: '1',
    });
    delete content.DecHead['TradeMode'];
    expect(own.checkShape(content)).toEqual(builtIn.checkShape(content));
  });

  it('never runs code that lies in it', async () => {
    cpSync(packFolder, folder, { recursive: true });
    writeFileSync(join(folder, 'validator.generated.js'), 'throw new Error("ran");');
    expect((await loadPack(folder)).name).toBe('cn-goods-declaration');
  });

  it('of broken JSON stops with the file and the reason', async () => {
    cpSync(packFolder, folder, { recursive: true });
    writeFileSync(join(folder, 'codes.json'), '{');
    const stop = await stopOf(folder);
    expect(stop.code).toBe('pack/broken');
    expect(stop.facts['file']).toBe(join(folder, 'codes.json'));
  });

  it('whose schema is no schema stops', async () => {
    cpSync(packFolder, folder, { recursive: true });
    const schema = readFileSync(join(folder, 'declaration.schema.json'), 'utf8');
    writeFileSync(
      join(folder, 'declaration.schema.json'),
      schema.replace('"maxItems": 50', '"maxItems": "fifty"'),
    );
    expect((await stopOf(folder)).code).toBe('pack/broken');
  });

  it('that is not there stops, and names the packs there are', async () => {
    const stop = await stopOf(join(folder, 'none'));
    expect(stop.code).toBe('pack/unknown');
    expect(stop.facts['known']).toEqual(['cn-goods-declaration']);
  });

  it('named like a member of every object is not there', async () => {
    expect((await stopOf('constructor')).code).toBe('pack/unknown');
  });
});

describe('the texts of problems', () => {
  const problems = new URL('../../schemas/declarant/problems/', import.meta.url);
  const catalogue = new Map<string, Record<string, { zh: string; en: string }>>(
    ['shape', 'value', 'code', 'pack'].flatMap((area) =>
      Object.entries(JSON.parse(readFileSync(new URL(`${area}.json`, problems), 'utf8'))),
    ),
  );
  const source = new URL('../../src/pack/', import.meta.url);
  const written = readdirSync(source)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, source), 'utf8'))
    .join('\n');
  const emitted = new Set(
    written.match(/'(?:shape|value|code|pack)\/[a-z0-9-]+'/gu)?.map((quoted) => quoted.slice(1, -1)),
  );

  it('are there for every code that this room emits, and for no other', () => {
    expect([...catalogue.keys()].sort()).toEqual([...emitted].sort());
  });

  it('say everything in both languages', () => {
    for (const [code, text] of catalogue) {
      for (const part of ['title', 'message', 'expected', 'remedy']) {
        expect(text[part]?.zh, `${code} ${part}`).toBeTruthy();
        expect(text[part]?.en, `${code} ${part}`).toBeTruthy();
      }
    }
  });
});
