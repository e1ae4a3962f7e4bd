/** What must be there, what must not, and what goes with what. */
import { listed, nothing, perEntry, placeOf, refOf, single, valueOf } from '../field.ts';
import { readFields, readTable, readText, isFieldPath } from '../options.ts';
import type { CheckFactory, Finding } from '../rule.ts';

/** At least one of `fields`, all in one segment that occurs once, has a value. */
export const requires: CheckFactory = (options) => {
  const refs = readFields(options, 'fields').map(refOf);
  const places = refs.map((ref) => placeOf(ref));
  return (content) =>
    refs.some(({ segment, tag }) => (single(content, segment)[tag] ?? '') !== '') ? nothing : [{ places }];
};

/** None of `fields` has a value. */
export const forbids: CheckFactory = (options) => {
  const refs = readFields(options, 'fields').map(refOf);
  return (content) => {
    let found: Finding[] | undefined;
    for (const ref of refs) {
      const once = single(content, ref.segment)[ref.tag] ?? '';
      if (once !== '') (found ??= []).push({ places: [placeOf(ref)] });
      listed(content, ref.segment).forEach((entry, index) => {
        if ((entry[ref.tag] ?? '') !== '') (found ??= []).push({ places: [placeOf(ref, index)] });
      });
    }
    return found ?? nothing;
  };
};

/** None of `fields`, all in segments that occur once, has a value; those that do are one finding. */
export const forbidsTogether: CheckFactory = (options) => {
  const refs = readFields(options, 'fields').map(refOf);
  return (content) => {
    if (refs.every((ref) => valueOf(content, ref) === '')) return nothing;
    return [{ places: refs.filter((ref) => valueOf(content, ref) !== '').map((ref) => placeOf(ref)) }];
  };
};

/** `cases`: field, its values (`*`: any, `+`: any but zero), and the field of the same segment that must then be `state`: filled or empty. */
export const goesWith: CheckFactory = (options) => {
  const wantsValue = readText(options, 'state') === 'filled';
  const checks = readTable(options, 'cases').map(([from = '', values = '', to = '']) => {
    if (!isFieldPath(from) || !isFieldPath(to)) throw new TypeError(`"${from}" and "${to}" must be fields`);
    const cause = refOf(from);
    const effect = refOf(to);
    const causes = values === '*' || values === '+' ? undefined : values.split(' ');
    const zero = values === '+' ? '0' : '';
    return perEntry(cause.segment, (entry, index) => {
      const value = entry[cause.tag] ?? '';
      if (value === '' || value === zero || (causes !== undefined && !causes.includes(value)))
        return undefined;
      if (((entry[effect.tag] ?? '') !== '') === wantsValue) return undefined;
      return { places: [placeOf(effect, index), placeOf(cause, index)], facts: { because: value } };
    });
  });
  return (content, context) => {
    let found: Finding[] | undefined;
    for (const check of checks) {
      const more = check(content, context);
      if (more.length > 0) (found ??= []).push(...more);
    }
    return found ?? nothing;
  };
};
