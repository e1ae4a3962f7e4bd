/** The one stage that decides: rows become a declaration, complete and checked, or are set aside with all that is wrong. */
import { canonicalJson } from '../model/canonical-json.ts';
import type { Declaration, DeclarationContent, FieldPath, Place } from '../model/declaration.ts';
import { clientSeqNoOf, digestOf, parseDeclarationKey } from '../model/ids.ts';
import { isError, type Problem } from '../model/problem.ts';
import { cellName, type RowRef } from '../model/row.ts';
import type { CheckContext, Identity, Issue, Pack } from '../pack/pack.ts';
import { build, type Built } from './build.ts';
import type { Onlooker, Seen as Looked } from './documents/seen.ts';
import type { Draft } from './drafts.ts';
import type { DraftGroup } from './group.ts';
import { flat } from './flat.ts';
import { KeyTable, ownerOf } from './key-table.ts';
import type { Mapping } from './mapping.ts';
import { cellOf, originFinder, problemAtPlace } from './origins.ts';
import { bareRow, type Flow, type PlacedRow, type PlacedRows, setAside, type Tracked } from './tracked.ts';

const noDigest = digestOf('');

export type DeclareOptions = {
  readonly pack: Pack;
  readonly mapping: Mapping | undefined;
  readonly context: CheckContext;
  /** Whether bodies are needed: not where nothing is compared with a ledger, or sent. */
  readonly withBody: boolean;
  /** A declaration with this segment is needed whole all the same: its documents are looked at. */
  readonly documents: string | undefined;
  /** The name of each table, by its id: a duplicate names where the first one stands. */
  readonly tableName: (id: number) => string;
  /** Looks on for further documents. */
  readonly look: Onlooker | undefined;
};

/** Remembers, over all files of the run, which keys were declared. */
export async function* declare(
  groups: AsyncIterable<readonly DraftGroup[]>,
  options: DeclareOptions,
): Flow<Declaration> & AsyncGenerator<readonly Tracked<Declaration>[]> {
  const seen = { keys: new KeyTable(), shipments: new KeyTable() };
  for await (const chunk of groups) yield chunk.map((each) => declareOne(each, seen, options));
}

type Keys = { readonly keys: KeyTable; readonly shipments: KeyTable };

function declareOne(
  group: DraftGroup,
  { keys, shipments }: Keys,
  options: DeclareOptions,
): Tracked<Declaration> {
  const { pack, mapping, context, tableName, look } = options;
  const built = build(group, pack, mapping);
  const { content, direction, problems, filled } = built;
  const rows = placedRows(group);
  filled.push(...pack.complete(content, context));
  const looked = look && seenBy(built, rows[0]);
  if (looked) look?.see?.(looked);
  const lineProblem = missingPart(group, built);
  if (lineProblem) return setAside(rows, [lineProblem, ...problems.map(flatProblem)]);
  addIssues(pack.checkShape(content), built);
  addIssues(pack.checkRules(content, context), built);
  const key = keyOf(content, pack);
  if (key === undefined)
    problems.push({
      code: 'group/no-key',
      severity: 'error',
      row: bareRow(rows[0]),
      facts: { fields: identityFields(pack) },
    });
  // By the number that the message will carry: it is one key's alone.
  const number = key === undefined ? '' : clientSeqNoOf(key);
  const place = { table: group.drafts[0].plan.id, line: rows[0].line };
  const first = key === undefined ? undefined : keys.add(number, { ...place, owner: key });
  if (first && key !== undefined) {
    const facts = { key, firstFile: tableName(first.table), firstLine: first.line };
    const isSame = first.owner === ownerOf(key);
    const problem: Problem = {
      code: isSame ? 'duplicate/within-run' : 'duplicate/number-taken',
      severity: 'error',
      row: bareRow(rows[0]),
      facts: isSame ? facts : { key, number, holder: `${facts.firstFile}:${facts.firstLine}` },
    };
    return {
      kind: 'decided',
      rows,
      decision: { rows, key, outcome: 'duplicate', receipts: [], problems: [problem], filled: [] },
    };
  }
  const isSound = !problems.some(isError);
  // An error among these keeps the declaration back once the ledger has been asked: what was lodged is lodged.
  if (looked) addIssues(look?.judge?.(looked) ?? [], built);
  if (key === undefined || direction === undefined || !isSound) {
    return setAside(rows, problems, { ...(key === undefined ? {} : { key }), filled });
  }
  const isNeeded =
    options.withBody || (options.documents !== undefined && content[options.documents] !== undefined);
  const body = isNeeded ? canonicalJson(content) : '';
  const numbers = identityText(content, pack.shipment);
  const earlier = numbers === undefined ? undefined : shipments.add(numbers, place);
  if (earlier) {
    const facts = { firstFile: tableName(earlier.table), firstLine: earlier.line };
    problems.push(
      problemAtPlace(
        { code: 'duplicate/same-shipment-in-run', severity: 'warning', facts },
        shipmentPlace(pack),
        built.origins,
      ),
    );
  }
  const { origins } = built;
  // Where nothing is sent, nothing of the declaration is needed any more.
  const value = isNeeded
    ? {
        key,
        digest: digestOf(body),
        direction,
        content,
        body,
        filled,
        rows,
        originOf: originFinder(origins),
        ...(numbers === undefined ? {} : { shipment: digestOf(numbers).slice(0, 32) }),
      }
    : {
        key,
        digest: noDigest,
        direction,
        content: {},
        body,
        filled,
        rows,
        originOf: () => ({ row: bareRow(rows[0]) }),
      };
  return { kind: 'live', rows, value, problems };
}

function seenBy({ content, origins }: Built, first: PlacedRow): Looked {
  // One object for all cells of a row: what looks on may keep it.
  let known: { readonly draft: Draft; readonly row: RowRef } | undefined;
  return {
    content,
    first,
    at(place) {
      const { draft, column } = cellOf(place, origins);
      if (known?.draft !== draft) known = { draft, row: bareRow(draft.ref) };
      const { row } = known;
      return column ? { row, column: column.column, header: column.header } : { row };
    },
  };
}

function placedRows({ drafts: [first, ...rest] }: DraftGroup): PlacedRows {
  if (rest.length === 0) return [first.ref];
  const sorted = rest.map((draft) => draft.ref);
  return [first.ref, ...sorted];
}

/** A head line without goods lines, or lines whose head is nowhere: only where tables are joined. */
function missingPart({ drafts, key }: DraftGroup, { origins }: Built): Problem | undefined {
  const roles = new Set(drafts.map((draft) => draft.plan.role));
  if (roles.has('whole') || (roles.has('head') && origins.entries.size > 0)) return undefined;
  const [first] = drafts;
  const code = roles.has('head') ? 'group/no-lines' : 'group/no-head';
  return { code, severity: 'error', row: bareRow(first.ref), facts: { key: flat(key) } };
}

/** An issue that rests on a value which could not be understood, or was found wrong by itself, says nothing new. */
function addIssues(issues: readonly Issue[], { problems, origins }: Built): void {
  if (issues.length === 0) return;
  const known = new Set(
    problems.filter(isError).map(({ row, field }) => `${row?.line ?? ''} ${field ?? ''}`),
  );
  for (const { code, severity, places, facts } of issues) {
    if (known.size > 0 && places.some((place) => known.has(spotOf(place, origins)))) continue;
    const [main, ...others] = places;
    const cells = others
      .slice(0, 5)
      .map((place) => cellLabel(place, origins))
      .filter((label) => label !== '');
    const merged = { ...facts, ...(cells.length > 0 && !facts?.['otherCells'] ? { otherCells: cells } : {}) };
    problems.push(problemAtPlace({ code, severity, facts: merged }, main, origins));
  }
}

function spotOf(place: Place, origins: Built['origins']): string {
  return `${cellOf(place, origins).draft.ref.line} ${place.segment}.${place.tag ?? ''}`;
}

function cellLabel(place: Place, origins: Built['origins']): string {
  const { draft, column } = cellOf(place, origins);
  return column ? cellName(column.column, draft.ref.line) : '';
}

function keyOf(content: DeclarationContent, pack: Pack): ReturnType<typeof parseDeclarationKey> {
  for (const identity of pack.identity) {
    const text = identityText(content, identity);
    if (text !== undefined) return parseDeclarationKey(flat(text));
  }
  return undefined;
}

/** The values, joined by `/` where there are several; nothing where a needed one is missing. */
function identityText(content: DeclarationContent, identity: Identity | undefined): string | undefined {
  if (!identity) return undefined;
  const values = identity.needs.map((path) => valueAt(content, path));
  if (values.some((value) => value === '')) return undefined;
  const all = [...values, ...identity.also.map((path) => valueAt(content, path))];
  return all.length === 1 ? all[0] : all.map((value) => value.replaceAll('/', '%2F')).join('/');
}

/** The last of the needed numbers is the one that people know a shipment by: its bill. */
function shipmentPlace({ shipment }: Pack): Place | undefined {
  const [segment, tag] = shipment?.needs.at(-1)?.split('.') ?? [];
  return segment && tag ? { segment, tag } : undefined;
}

function valueAt(content: DeclarationContent, path: FieldPath): string {
  const dot = path.indexOf('.');
  const entry = content[path.slice(0, dot)];
  return entry && !Array.isArray(entry) ? (entry[path.slice(dot + 1)] ?? '') : '';
}

/** Field paths: shown as the fields' titles. */
function identityFields(pack: Pack): readonly string[] {
  return [...new Set(pack.identity.flatMap(({ needs }) => needs))];
}

function flatProblem(problem: Problem): Problem {
  return problem.value === undefined ? problem : { ...problem, value: flat(problem.value) };
}
