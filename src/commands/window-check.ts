/** The sandbox window's own judgement of a declaration: the pack's shape and rules, told as a window tells them. */
import type { DeclarationContent, FieldPath, Place } from '../model/declaration.ts';
import type { WindowProblem } from '../model/receipt.ts';
import type { Issue, Pack } from '../pack/pack.ts';
import { contextOf } from '../pipeline/pass.ts';
import type { Catalogue } from '../reports/catalogue.ts';

function pointerOf({ segment, index, tag }: Place): string {
  return ['', segment, index, tag].filter((part) => part !== undefined).join('/');
}

function valueAt(content: DeclarationContent, { segment, index, tag }: Place): string | undefined {
  const found = content[segment];
  const entry = Array.isArray(found) ? found[index ?? 0] : found;
  return tag === undefined ? undefined : entry?.[tag];
}

/** In Chinese, as the single window speaks. */
export function windowCheck(
  pack: Pack,
  catalogue: Catalogue,
  now: () => Date,
): (content: DeclarationContent) => readonly WindowProblem[] {
  const tell = (content: DeclarationContent, { code, severity, places, facts }: Issue): WindowProblem[] => {
    if (severity === 'info') return [];
    const [place] = places;
    const field: FieldPath | undefined =
      place?.tag === undefined ? undefined : `${place.segment}.${place.tag}`;
    const value = place === undefined ? undefined : valueAt(content, place);
    const { message } = catalogue.render(
      {
        code,
        severity,
        ...(field === undefined ? {} : { field }),
        ...(value === undefined ? {} : { value }),
        ...(facts === undefined ? {} : { facts }),
      },
      'zh',
    );
    return [{ code, severity, message, ...(place === undefined ? {} : { pointer: pointerOf(place) }) }];
  };
  return (content) => {
    return [...pack.checkShape(content), ...pack.checkRules(content, contextOf({ now, pack }))].flatMap(
      (issue) => tell(content, issue),
    );
  };
}
