/** What ships is what was reviewed: pinned, whole, without install scripts, under licences that we know. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dependenciesOf, type Dependency, lockedPackages } from '../docs/dependencies.ts';

const root = new URL('..', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');
const manifest: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
  read('package.json'),
);
const listed: { readonly packages: readonly Dependency[] } = JSON.parse(read('docs/dependencies.json'));
const shipped = lockedPackages(root);

const allowed = new Set([
  'MIT',
  'MIT/X11',
  'ISC',
  'BSD-3-Clause',
  'Apache-2.0',
  'Unlicense',
  'BlueOak-1.0.0',
  '(MIT AND Zlib)',
  // Used under MIT.
  '(MIT OR GPL-3.0-or-later)',
]);
/** Never run here: see what `docs/dependencies.json` says of it. */
const withoutLicence = new Set(['buffers@0.1.1']);

/** Below these, an advisory that we read is open. */
const least: Readonly<Record<string, string>> = {
  uuid: '11.1.1',
  tmp: '0.2.7',
  undici: '8.9.0',
  ajv: '8.18.0',
};

function isAtLeast(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, 'en', { numeric: true }) >= 0;
}

const plain = (each: Dependency): string => `${each.name}@${each.version} ${each.licence} ${each.integrity}`;

describe('what ships', () => {
  it('is pinned to the version', () => {
    const loose = Object.entries(manifest.dependencies).filter(
      ([, range]) => !/^\d+\.\d+\.\d+$/u.test(range),
    );
    expect(loose).toEqual([]);
  });

  it('is locked with a SHA-512 of every package', () => {
    expect(shipped.length).toBeGreaterThan(20);
    expect(shipped.filter(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/u.test(integrity ?? ''))).toEqual(
      [],
    );
  });

  it('is what docs/dependencies.json lists: run node docs/make-dependencies.ts after a change, and review', () => {
    expect(listed.packages.map(plain)).toEqual(dependenciesOf(root).map(plain));
  });

  it('runs no script when it is installed', () => {
    expect(shipped.filter(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
  });

  it('has licences that we know', () => {
    const unknown = listed.packages
      .filter(
        ({ licence, name, version }) => !allowed.has(licence) && !withoutLicence.has(`${name}@${version}`),
      )
      .map(({ name, licence }) => `${name}: ${licence}`);
    expect(unknown).toEqual([]);
  });

  it.each(Object.entries(least))('has %s at %s or later', (name, minimum) => {
    const versions = shipped.filter((each) => each.name === name).map(({ version }) => version ?? '');
    expect(versions.length).toBeGreaterThan(0);
    expect(versions.filter((version) => !isAtLeast(version, minimum))).toEqual([]);
  });

  it('tells of each advisory what it means here', () => {
    const notes = listed.packages.flatMap(({ advisories }) => advisories);
    expect(notes.length).toBeGreaterThan(5);
    expect(notes.filter(({ id, here }) => id === '' || here.length < 10)).toEqual([]);
  });
});

it('the lockfile names no address of a private registry or of a file', () => {
  const addresses = [...read('package-lock.json').matchAll(/"resolved":\s*"([^"]+)"/gu)].map(
    ([, address]) => address ?? '',
  );
  expect(addresses.filter((address) => !address.startsWith('https://registry.npmjs.org/'))).toEqual([]);
  expect(read('package-lock.json')).not.toMatch(/"(?:git\+|git:|file:|link:)/u);
});
