/** Messages against the official schema of 2018 with libxml2, where both are at hand. */
import { execFileSync, spawnSync } from 'node:child_process';
import { knownDifferences } from './differences.ts';
import { hasSchema, schemaFile } from './xsd.ts';

const hasXmllint = spawnSync('xmllint', ['--version']).error === undefined;
/** Why nothing can be validated here; empty where it can. */
export const unvalidated = !hasSchema
  ? 'the official schema is not at hand: set DECLARANT_OFFICIAL_SCHEMA'
  : !hasXmllint
    ? 'xmllint is not installed'
    : '';
if (unvalidated !== '') process.stderr.write(`not validated against the official schema: ${unvalidated}\n`);

/** What libxml2 says against the messages; the official schema must be at hand. */
export function validityErrors(files: readonly string[]): readonly string[] {
  try {
    execFileSync('xmllint', ['--noout', '--schema', schemaFile, ...files], {
      stdio: 'pipe',
      maxBuffer: 1 << 26,
    });
    return [];
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    return said.split('\n').filter((line) => line.includes('validity error'));
  }
}

/** An error names an element without its parent: the difference must be known for a field with that tag. */
export function isExcused(error: string, excused: ReadonlySet<string>): boolean {
  if (/Element '[^']*DecMessage': Missing child element\(s\)/u.test(error))
    return excused.has('EdocRealation');
  const [, extra, wanted = ''] =
    /Element '(?:\{[^}]*\})?([^']+)': This element is not expected\.(.*)/u.exec(error) ?? [];
  if (extra !== undefined) {
    // What stands behind the attachments is unexpected only where they are missing; anything else must be a later field.
    const isBehind = extra === 'EcoRelation' && wanted.includes('EdocRealation');
    return isBehind
      ? excused.has('EdocRealation')
      : [...excused].some((where) => where.endsWith(`.${extra}`));
  }
  const [, tag, facet] = /Element '(?:\{[^}]*\})?([^']+)': \[facet '(\w+)'\]/u.exec(error) ?? [];
  return [...excused].some((where) => where.endsWith(`.${tag ?? ''} ${facet ?? ''}`));
}

/** What the official schema has against messages, but for the known differences; nothing where they cannot be validated here. */
export function faultsIn(files: readonly string[]): readonly string[] {
  if (unvalidated !== '') return [];
  const excused = new Set(knownDifferences().flatMap(({ where }) => where));
  return validityErrors(files).filter((error) => !isExcused(error, excused));
}
