/** Runs the compiled validator over a declaration and tells each of its errors as an issue at a place. */
import type { DeclarationContent, FieldPath, Place } from '../model/declaration.ts';
import { gb18030Bytes } from './bytes.ts';
import type { PackCodeList } from './code-list.ts';
import type { Issue, Segment } from './pack.ts';
import { listFacts, named, unknownCode } from './parse-code.ts';
import type { PackField } from './schema-fields.ts';

/** An error of the validator, as ajv reports it. */
type ShapeError = {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
};
export type ShapeValidator = { (content: unknown): unknown; errors?: readonly ShapeError[] | null };

type Parts = {
  readonly segments: ReadonlyMap<string, Segment>;
  readonly fields: ReadonlyMap<FieldPath, PackField>;
  readonly lists: ReadonlyMap<string, PackCodeList>;
};

/** Instance path `/DecLists/0/CodeTS` → place. */
function placeOf(path: string): Place | undefined {
  const [, segment, second, third] = path.split('/');
  if (segment === undefined) return undefined;
  const isIndex = second !== undefined && /^\d+$/u.test(second);
  const tag = isIndex ? third : second;
  return {
    segment,
    ...(isIndex && { index: Number(second) }),
    ...(tag !== undefined && { tag: tag.replaceAll('~1', '/').replaceAll('~0', '~') }),
  };
}

function valueAt(content: DeclarationContent, place: Place): string {
  const segment = content[place.segment];
  const holder = Array.isArray(segment) ? segment[place.index ?? 0] : segment;
  const value: unknown = place.tag === undefined ? undefined : holder?.[place.tag];
  return typeof value === 'string' ? value : '';
}

const numberForm = /^-?\d+(?:\.\d+)?$/u;

function pattern(field: PackField, value: string, at: Pick<Issue, 'places'>): Issue {
  const { integerDigits, fractionDigits, patternText } = field;
  if (integerDigits === undefined || fractionDigits === undefined) {
    const facts = { formZh: patternText?.zh ?? '', formEn: patternText?.en ?? '' };
    return { code: 'shape/pattern', severity: 'error', ...at, facts };
  }
  const facts = { integerDigits, fractionDigits };
  if (!numberForm.test(value)) return { code: 'shape/not-a-number', severity: 'error', ...at, facts };
  return {
    code: value.startsWith('-') ? 'shape/negative' : 'shape/precision',
    severity: 'error',
    ...at,
    facts,
  };
}

function codeIssue(list: PackCodeList, value: string, at: Pick<Issue, 'places'>): Issue {
  const unknown = unknownCode(list, value);
  if (unknown !== undefined) return { ...unknown, ...at };
  const suggestions = list.suggest(value, 3).map(named);
  return {
    code: 'code/incomplete-list',
    severity: 'warning',
    ...at,
    facts: { ...listFacts(list), edition: list.edition, suggestions },
  };
}

function issueOf(
  error: ShapeError,
  content: DeclarationContent,
  { segments, fields, lists }: Parts,
): Issue | undefined {
  // The branches of a condition report for themselves.
  if (error.keyword === 'if') return undefined;
  const place = placeOf(error.instancePath);
  const missing = error.params['missingProperty'];
  const extra = error.params['additionalProperty'];
  if (place === undefined) {
    if (typeof missing === 'string')
      return { code: 'shape/required', severity: 'error', places: [{ segment: missing }], facts: {} };
    if (typeof extra === 'string')
      return { code: 'shape/unknown-field', severity: 'error', places: [], facts: { name: extra } };
    return { code: 'shape/wrong-kind', severity: 'error', places: [], facts: {} };
  }
  if (typeof missing === 'string')
    return { code: 'shape/required', severity: 'error', places: [{ ...place, tag: missing }], facts: {} };
  if (typeof extra === 'string')
    return {
      code: 'shape/unknown-field',
      severity: 'error',
      places: [place],
      facts: { name: `${place.segment}.${extra}` },
    };
  const at = { places: [place] };
  const field = place.tag === undefined ? undefined : fields.get(`${place.segment}.${place.tag}`);
  const value = valueAt(content, place);
  const limit = Number(error.params['limit']);
  switch (error.keyword) {
    case 'maxItems': {
      const entries = content[place.segment];
      const title = segments.get(place.segment)?.title;
      return {
        code: 'shape/too-many-entries',
        severity: 'error',
        ...at,
        facts: {
          max: limit,
          count: Array.isArray(entries) ? entries.length : 0,
          segmentZh: title?.zh ?? place.segment,
          segmentEn: title?.en ?? place.segment,
        },
      };
    }
    case 'minLength':
      return { code: 'shape/empty', severity: 'error', ...at, facts: {} };
    case 'maxLength':
      return {
        code: 'shape/too-long',
        severity: 'error',
        ...at,
        facts: { max: limit, length: Array.from(value).length },
      };
    case 'x-length-2018':
      return {
        code: 'shape/longer-than-2018',
        severity: 'warning',
        ...at,
        facts: { max: limit, length: Array.from(value).length },
      };
    case 'x-max-bytes':
      return {
        code: 'shape/too-many-bytes',
        severity: 'error',
        ...at,
        facts: { max: limit, length: gb18030Bytes(value) },
      };
    case 'pattern':
      return field === undefined ? undefined : pattern(field, value, at);
    case 'x-date':
      return {
        code: 'shape/date',
        severity: 'error',
        ...at,
        facts: { format: String(error.params['format']) },
      };
    case 'x-code-list': {
      const list = lists.get(String(error.params['list']));
      return list === undefined ? undefined : codeIssue(list, value, at);
    }
    case 'not':
    case 'false schema':
      return { code: 'shape/not-empty', severity: 'error', ...at, facts: {} };
    case 'type':
      return { code: 'shape/wrong-kind', severity: 'error', ...at, facts: {} };
    default:
      return undefined;
  }
}

/** Of several complaints about one value the first in this order speaks; what is not listed always speaks. */
const order = [
  'shape/not-empty',
  'shape/empty',
  'shape/wrong-kind',
  'shape/too-long',
  'shape/too-many-bytes',
  'shape/pattern',
  'shape/not-a-number',
  'shape/precision',
  'shape/negative',
  'shape/date',
  'code/unknown',
  'code/withdrawn',
  'code/incomplete-list',
  'shape/longer-than-2018',
];

export function makeCheckShape(
  validate: ShapeValidator,
  parts: Parts,
): (content: DeclarationContent) => readonly Issue[] {
  const nothing: readonly Issue[] = [];
  return (content) => {
    if (validate(content) === true) return nothing;
    const best = new Map<string, Issue>();
    for (const error of validate.errors ?? []) {
      const issue = issueOf(error, content, parts);
      if (issue === undefined) continue;
      const [place] = issue.places;
      const isAboutValue = order.includes(issue.code);
      const key = isAboutValue
        ? `${place?.segment}/${place?.index}/${place?.tag}`
        : `${issue.code} ${JSON.stringify(issue.places)} ${String(issue.facts?.['name'])}`;
      const before = best.get(key);
      if (before === undefined || order.indexOf(issue.code) < order.indexOf(before.code))
        best.set(key, issue);
    }
    return [...best.values()];
  };
}
