/** Reads the number format of each cell style. */
import type { ReadLimits } from '../format.ts';
import { builtInFormat, customFormat, general } from './number-format.ts';
import type { NumberFormat } from './number-format.ts';
import { mainNamespaces } from './workbook.ts';
import { attribute, maxSmallPartBytes, readXml } from './xml.ts';
import type { Archive } from './zip.ts';

/** By the style index of a cell. A style that the file does not have is general. */
export async function readStyles(
  archive: Archive,
  part: string | undefined,
  limits: ReadLimits,
): Promise<readonly NumberFormat[]> {
  if (part === undefined) return [];
  const custom = new Map<number, NumberFormat>();
  const styles: NumberFormat[] = [];
  let isInCellFormats = false;
  await readXml(
    archive,
    { part, maxBytes: maxSmallPartBytes },
    {
      open(tag) {
        if (!mainNamespaces.has(tag.uri)) return;
        if (tag.local === 'numFmt') {
          custom.set(Number(attribute(tag, 'numFmtId')), customFormat(attribute(tag, 'formatCode') ?? ''));
        } else if (tag.local === 'cellXfs') isInCellFormats = true;
        else if (tag.local === 'xf' && isInCellFormats) {
          const id = Number(attribute(tag, 'numFmtId') ?? '0');
          styles.push(custom.get(id) ?? builtInFormat(id));
        }
      },
      close(local) {
        if (local === 'cellXfs') isInCellFormats = false;
      },
    },
    limits,
  );
  return styles.length === 0 ? [general] : styles;
}
