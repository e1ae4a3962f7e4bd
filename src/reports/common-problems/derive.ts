/** An answer for each code of our own: from its texts in the problem catalogue, its source, and the sample that provokes it. */
import type { Lang, Text } from '../../model/text.ts';
import type { CatalogueEntry } from '../catalogue.ts';
import type { CommonProblem, Example, Steps, Supplement } from './entry.ts';

/** `{value}` becomes a gap that the reader can see: ‹value›. */
export function gaps(text: string): string {
  return text.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/gu, '‹$1›');
}

function bothGaps({ zh, en }: Text): Text {
  return { zh: gaps(zh), en: gaps(en) };
}

/** One step a sentence. */
function sentences(text: string, lang: Lang): readonly string[] {
  const parts = lang === 'zh' ? text.split(/(?<=[。；])/u) : text.split(/(?<=[.;])\s+(?=\S)/u);
  return parts.map((part) => part.trim().replace(/[；;]$/u, '')).filter((part) => part !== '');
}

/** As many in both languages: where they are cut differently, the remedy stays whole. */
function stepsFrom(remedy: Text): Steps {
  const [zh, en] = [sentences(remedy.zh, 'zh'), sentences(remedy.en, 'en')];
  return zh.length === en.length && zh.length > 0 ? { zh, en } : { zh: [remedy.zh], en: [remedy.en] };
}

function causeFrom({ message, expected }: CatalogueEntry): Text {
  const wanted = (lang: Lang): string =>
    expected[lang] === '' ? '' : lang === 'zh' ? `。应为：${expected.zh}` : `. Expected: ${expected.en}`;
  const joined = (lang: Lang): string => message[lang].replace(/[。.]$/u, '') + wanted(lang);
  return bothGaps({ zh: joined('zh'), en: joined('en') });
}

export type DeriveParts = {
  readonly entry: CatalogueEntry;
  readonly source: string;
  readonly example: Example | undefined;
};

/** What `own` says stands; the rest comes from the problem's texts. */
export function derive(
  id: string,
  { entry, source, example }: DeriveParts,
  own: Supplement | undefined,
): CommonProblem {
  const shown = own?.example ?? example;
  return {
    id,
    group: own?.group ?? id.split('/')[0] ?? '',
    title: own?.title ?? bothGaps(entry.title),
    words: own?.words ?? [],
    about: own?.about ?? [],
    receipts: own?.receipts ?? [],
    cause: own?.cause ?? causeFrom(entry),
    steps: own?.steps ?? stepsFrom(bothGaps(entry.remedy)),
    source: own?.source ?? source,
    ...(shown === undefined ? {} : { example: shown }),
    ...(own?.office === undefined ? {} : { office: own.office }),
  };
}
