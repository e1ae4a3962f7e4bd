/** A problem at the cell that a place of a declaration came from. */
import type {
  Declaration,
  DeclarationContent,
  FieldPath,
  Place,
  SegmentContent,
} from '../../model/declaration.ts';
import type { Problem } from '../../model/problem.ts';

export function problemAt(
  declaration: Declaration,
  place: Place,
  problem: Pick<Problem, 'code' | 'severity' | 'facts'>,
): Problem {
  const { row, column, header } = declaration.originOf(place);
  const value = entriesOf(declaration.content, place.segment)[place.index ?? 0]?.[place.tag ?? ''];
  const field: FieldPath | undefined = place.tag === undefined ? undefined : `${place.segment}.${place.tag}`;
  return {
    ...problem,
    row,
    ...(column === undefined ? {} : { column }),
    ...(header === undefined ? {} : { header }),
    ...(field === undefined ? {} : { field }),
    ...(value === undefined ? {} : { value }),
  };
}

/** A segment as a list, whether it occurs once or often; empty where it is absent. */
export function entriesOf(content: DeclarationContent, segment: string): readonly SegmentContent[] {
  const found = content[segment];
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}
