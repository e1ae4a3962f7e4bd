/** A template: the workbook that a clerk fills in, before it is one. */
import type { Text } from './text.ts';

export type TemplateColumn = {
  readonly path: string;
  /** What stands above it: the header that import knows, marked `*` where it is required and not the office's own word, and the title in the other language. */
  readonly headers: Text;
  readonly isRequired: boolean;
  readonly kind: 'text' | 'code' | 'number' | 'date';
  /** Digits after the point, for a number. */
  readonly digits: number;
  /** Meaning, length, example and rules. */
  readonly comment: string;
  /** The code list that its cells are chosen from. */
  readonly list?: string;
  readonly example: string;
};

export type TemplateSheet = { readonly name: string; readonly columns: readonly TemplateColumn[] };

export type Template = {
  readonly id: TemplateId;
  readonly sheets: readonly TemplateSheet[];
  /** What may be chosen, by list. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
};

/** What an import checks before it reads a filled-in template. */
export type TemplateId = { readonly pack: string; readonly version: string; readonly direction: string };

/** The first cell of a hidden sheet that holds a template's id, and of the one that holds its code lists. */
export const templateMark = 'declarant:template';
export const codesMark = 'declarant:codes';
