/** Makes one declaration's content out of its rows: head cells compared, goods lines and other lists gathered. */
import type {
  DeclarationContent,
  Direction,
  FieldPath,
  Filled,
  SegmentContent,
} from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import { cellName } from '../model/row.ts';
import type { Pack } from '../pack/pack.ts';
import type { Draft } from './drafts.ts';
import type { DraftGroup } from './group.ts';
import type { Mapping } from './mapping.ts';
import { type Origins, problemAtCell } from './origins.ts';
import type { ColumnPlan, TablePlan } from './plan.ts';
import { readCell } from './read-cell.ts';
import { cellText } from './row-key.ts';

export type Built = {
  readonly content: DeclarationContent;
  readonly direction: Direction | undefined;
  readonly origins: Origins;
  readonly problems: Problem[];
  readonly filled: Filled[];
};

type State = {
  readonly pack: Pack;
  readonly content: DeclarationContent;
  readonly problems: Problem[];
  readonly entries: Map<string, Draft[]>;
};

export function build({ drafts }: DraftGroup, pack: Pack, mapping: Mapping | undefined): Built {
  const state: State = { pack, content: {}, problems: [], entries: new Map() };
  for (let start = 0; start < drafts.length;) {
    const { plan } = drafts[start] ?? drafts[0];
    let end = start + 1;
    while (end < drafts.length && drafts[end]?.plan === plan) end += 1;
    const rows = start === 0 && end === drafts.length ? drafts : drafts.slice(start, end);
    for (const column of plan.head) readHead(column, rows, state);
    if (plan.goods.length > 0) for (const draft of rows) addEntry(draft, plan.goods, state);
    for (const [segment, columns] of plan.attached) addAttached(segment, columns, rows, state);
    start = end;
  }
  const filled = fixedValues(state, mapping, drafts[0].plan);
  const direction = directionOf(state.content, pack);
  return {
    content: state.content,
    direction,
    origins: { drafts, entries: state.entries },
    problems: state.problems,
    filled,
  };
}

/** The first cell with a value counts; another one that says something else is a problem that names both. */
function readHead(column: ColumnPlan, rows: readonly Draft[], state: State): void {
  const at = column.column;
  let first: Draft | undefined;
  let firstText = '';
  for (const draft of rows) {
    const raw = draft.source.cells[at];
    if (raw === undefined || raw === '' || raw === firstText) continue;
    if (cellText(draft, at) === '' && !draft.source.notes) continue;
    if (!first) {
      first = draft;
      firstText = raw;
      readCell(draft, column, {
        pack: state.pack,
        problems: state.problems,
        take: ({ field }, value) => setOnce(state, field.segment, field.tag, value, { draft, column }),
      });
    } else if (cellText(draft, at) !== '') compare(column, first, draft, state);
  }
}

function compare(column: ColumnPlan, first: Draft, other: Draft, { pack, problems }: State): void {
  const values = [first, other].map((draft) => {
    const parts: string[] = [];
    readCell(draft, column, { pack, problems: [], take: (_, value) => parts.push(value) });
    return parts.join('\n');
  });
  if (values[0] === values[1]) return;
  const facts = {
    otherCell: cellName(column.column, first.ref.line),
    otherValue: cellText(first, column.column),
  };
  problems.push(problemAtCell({ code: 'group/head-disagrees', severity: 'error', facts }, other, column));
}

/** Sets a value that occurs once in the declaration. A second table (a head sheet and a goods sheet) may repeat it, not change it. */
function setOnce(
  state: State,
  segment: string,
  tag: string,
  value: string,
  { draft, column }: { draft: Draft; column: ColumnPlan },
): void {
  if (value === '') return;
  const entry = (state.content[segment] ??= {});
  if (Array.isArray(entry)) throw new Error(`segment ${segment} is a list, and ${tag} a head field`);
  const known = entry[tag];
  if (known === undefined) entry[tag] = value;
  else if (known !== value) {
    state.problems.push(
      problemAtCell(
        { code: 'group/head-disagrees', severity: 'error', facts: { otherCell: '', otherValue: known } },
        draft,
        column,
      ),
    );
  }
}

function addEntry(draft: Draft, columns: readonly ColumnPlan[], state: State): void {
  const bySegment = new Map<string, SegmentContent>();
  const take = ({ field }: ColumnPlan['fields'][0], value: string): void => {
    if (value === '') return;
    let entry = bySegment.get(field.segment);
    if (!entry) bySegment.set(field.segment, (entry = {}));
    entry[field.tag] = value;
  };
  const context = { pack: state.pack, problems: state.problems, take };
  for (const column of columns) {
    const raw = draft.source.cells[column.column];
    if ((raw !== undefined && raw !== '') || draft.source.notes) readCell(draft, column, context);
  }
  for (const [segment, entry] of bySegment) append(segment, entry, draft, state);
}

function append(segment: string, entry: SegmentContent, draft: Draft, { content, entries }: State): void {
  const list = (content[segment] ??= []);
  if (!Array.isArray(list)) throw new Error(`segment ${segment} occurs once, and has goods columns`);
  list.push(entry);
  const rows = entries.get(segment);
  if (rows) rows.push(draft);
  else entries.set(segment, [draft]);
}

/** Lists beside the goods (containers, documents): a line repeated on several goods rows is one entry. */
function addAttached(
  segment: string,
  columns: readonly ColumnPlan[],
  rows: readonly Draft[],
  state: State,
): void {
  const seen = new Set<string>();
  for (const draft of rows) {
    const texts = columns.map((column) => cellText(draft, column.column));
    if (texts.every((text) => text === '')) continue;
    const key = texts.join('\u0000');
    if (seen.has(key)) continue;
    seen.add(key);
    addEntry(draft, columns, state);
  }
}

/** The mapping's constants and defaults, and the direction that the header words prove. */
function fixedValues(state: State, mapping: Mapping | undefined, plan: TablePlan): Filled[] {
  const filled: Filled[] = [];
  if (!mapping && !plan.direction) return filled;
  const constants = Object.entries(mapping?.constants ?? {});
  const defaults = Object.entries(mapping?.defaults ?? {});
  for (const [path, value] of constants)
    fill(path as FieldPath, value, 'mapping-constant', { state, filled });
  for (const [path, value] of defaults) fill(path as FieldPath, value, 'mapping-default', { state, filled });
  if (plan.direction) {
    const { field, import: importing, export: exporting } = state.pack.direction;
    fill(field, plan.direction === 'import' ? importing : exporting, 'header-direction', { state, filled });
  }
  return filled;
}

function fill(
  path: FieldPath,
  text: string,
  rule: string,
  { state, filled }: { state: State; filled: Filled[] },
): void {
  const field = state.pack.fields.get(path);
  const segment = field && state.pack.segments.get(field.segment);
  if (!field || !segment) return;
  const { value } = state.pack.parseCell(path, text);
  const target = (state.content[field.segment] ??= segment.kind === 'once' ? {} : []);
  const entries = Array.isArray(target) ? target : [target];
  for (const [index, entry] of entries.entries()) {
    const known = entry[field.tag];
    const place = Array.isArray(target)
      ? { segment: field.segment, index, tag: field.tag }
      : { segment: field.segment, tag: field.tag };
    if (known === undefined) {
      entry[field.tag] = value;
      filled.push({ place, value, rule });
    } else if (known !== value && rule === 'mapping-constant') {
      state.problems.push({
        code: 'mapping/constant-differs',
        severity: 'error',
        field: path,
        value: known,
        facts: { constant: value },
      });
    }
  }
  if (Array.isArray(target) && target.length === 0) delete state.content[field.segment];
}

function directionOf(content: DeclarationContent, pack: Pack): Direction | undefined {
  const [segment, tag] = pack.direction.field.split('.');
  const entry = content[segment ?? ''];
  const value = entry && !Array.isArray(entry) ? entry[tag ?? ''] : undefined;
  if (value === pack.direction.import) return 'import';
  return value === pack.direction.export ? 'export' : undefined;
}
