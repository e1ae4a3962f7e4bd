/** The contract of a pack: one declaration type at one single window, as data made ready to use. */
import type { DeclarationContent, Direction, FieldPath, Filled, Place } from '../model/declaration.ts';
import type { Fact, ProblemCode, Severity } from '../model/problem.ts';
import type { Text } from '../model/text.ts';

/** `save`: needed to save a draft; `declare`: needed to declare; `conditional`: a rule decides; `never`: must stay empty; `receipt`: the window fills it. */
export type Need = 'save' | 'declare' | 'conditional' | 'optional' | 'never' | 'receipt';

export type FieldType = 'text' | 'code' | 'decimal' | 'integer' | 'date' | 'date-time' | 'binary';

export type Field = {
  readonly path: FieldPath;
  readonly segment: string;
  readonly tag: string;
  readonly title: Text;
  readonly type: FieldType;
  /** Characters. */
  readonly maxLength?: number;
  /** Bytes in the interface's encoding (GB18030). */
  readonly maxBytes?: number;
  /** Digits before and after the decimal point. */
  readonly integerDigits?: number;
  readonly fractionDigits?: number;
  readonly codeList?: string;
  readonly need: Readonly<Record<Direction, Need>>;
  readonly example?: string;
};

export type Segment = {
  readonly name: string;
  readonly title: Text;
  /** `once`: an object; `list`: up to `max` entries. A segment that the message nests (licences of a goods item) is a flat list in our content, and names its parent. */
  readonly kind: 'once' | 'list';
  readonly max?: number;
  readonly parent?: string;
  /** `head`: shared by the whole declaration. `goods`: one for each goods line. `attached`: lists beside the goods. */
  readonly level: 'head' | 'goods' | 'attached';
  /** Every declaration has it. */
  readonly isRequired?: true;
  readonly tags: readonly string[];
};

export type CodeEntry = {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** Other names under which it is known: short names, former names. */
  readonly aliases: readonly string[];
  /** Old codes that become this one. */
  readonly formerCodes: readonly string[];
  readonly status?: string;
};

export type CodeMatch =
  | { readonly kind: 'code' | 'name' | 'alias' | 'former-code' | 'padded'; readonly code: string }
  /** One name that several codes bear. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly CodeEntry[] }
  | { readonly kind: 'none' };

export type CodeList = {
  readonly name: string;
  readonly title: Text;
  readonly source: string;
  /** The day or year of the edition. */
  readonly edition: string;
  /** An incomplete list warns instead of refusing. */
  readonly isComplete: boolean;
  readonly size: number;
  /** By code, Chinese or English name, alias, or old code; exactly and after normalising. Constant time. */
  readonly find: (text: string) => CodeMatch;
  readonly get: (code: string) => CodeEntry | undefined;
  /** The best candidates for a near miss, best first, at most `limit`. Safe for Chinese: similarity of names, never an edit distance over two or three characters alone. */
  readonly suggest: (text: string, limit: number) => readonly CodeEntry[];
  /** Entries whose code or names contain the query, in code order; all where the query is empty. */
  readonly search: (query: string) => Iterable<CodeEntry>;
};

/** What is wrong with, or was done to, one value of a declaration. The pipeline knows the cell it came from. */
export type Issue = {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** The places concerned, the one to mend first. Empty: the declaration as a whole. */
  readonly places: readonly Place[];
  readonly facts?: Readonly<Record<string, Fact>>;
};

/** A cell's text made into a field's value. `issues` carry no place: the caller knows it. */
export type ParsedCell = {
  /** What is declared; the text as it stood where it could not be understood (the shape check then refuses it). */
  readonly value: string;
  readonly issues?: readonly Omit<Issue, 'places'>[];
};

/** What a header text can mean. Several fields: one column that carries several values (`商品名称及规格型号`). None: known, and not declared (`发票号`). */
export type HeaderMeaning = {
  readonly fields: readonly FieldPath[];
  /** The header word also proves the direction (`进境关别`). */
  readonly direction?: Direction;
  /** Only the schema's own name of a field in a segment that few declarations have: not believed where it stands alone. */
  readonly isRare?: true;
};

/**
 * One reading of a header word that can mean several fields (`单位`, `项号`). It holds where the column's values fit its
 * field and every condition given here does: two signals at least.
 */
export type OpenMeaning = {
  readonly fields: readonly FieldPath[];
  /** The column on the left carries one of these. */
  readonly after?: readonly FieldPath[];
  /** A column beside it, left or right, carries one of these. */
  readonly beside?: readonly FieldPath[];
  /** Some column of the table carries one of these. */
  readonly with?: readonly FieldPath[];
  /** The file is known to be of this direction. */
  readonly direction?: Direction;
  /** `numbered`: 1, 2, 3 … within each declaration. `shared`: one value a declaration, and more than one row in some. */
  readonly values?: 'numbered' | 'shared';
};

/** What a whole column proves about the dates in it. */
export type ParseHint = { readonly dateOrder?: 'day-first' | 'month-first' };

export type ProblemText = {
  readonly title: Text;
  /** One sentence for this very case; `{name}` is filled from the facts, `{value}`, `{header}`, `{field}`, `{cell}` from the problem. */
  readonly message: Text;
  readonly expected: Text;
  readonly remedy: Text;
};

/** One way to tell declarations apart: usable where all of `needs` have a value; `also` makes it finer where they have one. */
export type Identity = { readonly needs: readonly FieldPath[]; readonly also: readonly FieldPath[] };

/** What the declaration date is judged by, and what an earlier run knows. Pure data. */
export type CheckContext = {
  /** `yyyyMMdd` in the window's time zone. */
  readonly today: string;
};

/** What the single window promises, and what it does with what it gets. */
export type WindowPromises = {
  readonly kind: 'key' | 'lookup' | 'duplicate-refusing' | 'none';
  readonly maxDeclarationsPerBatch: number;
  readonly maxBytesPerBatch: number;
  readonly keyLifeMs: number;
  readonly duplicateWindowMs: number;
  /** What it does not show after so long never arrived. */
  readonly settleMs: number;
  /** One request may take so long in all; 60 s where absent. */
  readonly requestMs?: number;
};

export type Pack = {
  readonly name: string;
  readonly version: string;
  readonly title: Text;
  /** The window's time zone, which today's date is judged in: minutes ahead of UTC, without summer time. */
  readonly utcOffsetMinutes: number;
  /** In the message's order. */
  readonly segments: ReadonlyMap<string, Segment>;
  readonly fields: ReadonlyMap<FieldPath, Field>;
  /** The field that says import or export, and its values. */
  readonly direction: { readonly field: FieldPath; readonly import: string; readonly export: string };
  /** What identifies a declaration: the first alternative that is usable on its first row. */
  readonly identity: readonly Identity[];
  /** What a shipment is known by: two declarations with the same of these are worth a word (rule R194). */
  readonly shipment?: Identity;
  /** The segment that names the documents which go with a declaration. */
  readonly documents?: string;
  readonly codeLists: ReadonlyMap<string, CodeList>;
  /** By normalised header text. */
  readonly headerWords: ReadonlyMap<string, HeaderMeaning>;
  /** Header words that mean several fields, or none for certain: what each can mean, and when. By normalised header text. */
  readonly openWords: ReadonlyMap<string, readonly OpenMeaning[]>;
  readonly normaliseHeader: (text: string) => string;
  /** A normalised header with each of its parts said in one way, to compare it with others: never a match by itself. */
  readonly rephraseHeader: (normalised: string) => string;
  /** Cell text → value, by the field's type and code list. Remembers what it has seen; pure. */
  readonly parseCell: (field: FieldPath, text: string, hint?: ParseHint) => ParsedCell;
  /** The fields that `complete` may fill: they need no column. */
  readonly fillable: ReadonlySet<FieldPath>;
  /** Fills what is empty by the pack's default rules, in place, and says what it filled. Never overwrites. */
  readonly complete: (content: DeclarationContent, context: CheckContext) => readonly Filled[];
  /** Shape: needs, lengths, patterns, code lists. Every issue of the declaration in one pass. */
  readonly checkShape: (content: DeclarationContent) => readonly Issue[];
  /** The cross-field rules, over a declaration whose shape may be wrong: a rule that lacks a value says nothing. */
  readonly checkRules: (content: DeclarationContent, context: CheckContext) => readonly Issue[];
  readonly problems: ReadonlyMap<ProblemCode, ProblemText>;
  readonly window: WindowPromises;
};
