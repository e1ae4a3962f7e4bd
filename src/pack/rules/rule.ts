/** What a rule and a default rule are, once read from their data files. */
import type {
  DeclarationContent,
  Direction,
  FieldPath,
  Filled,
  Place,
  SegmentContent,
} from '../../model/declaration.ts';
import type { Fact, ProblemCode, Severity } from '../../model/problem.ts';
import type { Text } from '../../model/text.ts';
import type { CheckContext, CodeList, Segment } from '../pack.ts';
import type { Options } from './options.ts';

export type Facts = Readonly<Record<string, Fact>>;

/** What the rules ask of their pack. */
export type RuleDeps = {
  readonly codeList: (name: string) => CodeList | undefined;
  /** By name. A rule about a segment or tag that is not here is a defect, found when the rules are compiled. */
  readonly segments: ReadonlyMap<string, Segment>;
  /** The field that says import or export, and its values. */
  readonly direction: { readonly field: FieldPath; readonly import: string; readonly export: string };
};

/** All conditions hold. A field: one of these values (`''` is an empty field), or filled, or empty. */
export type Condition = {
  readonly direction?: Direction;
  readonly fields: ReadonlyMap<FieldPath, readonly string[] | 'filled' | 'empty'>;
};

/** What both kinds of rule share. `when`: one of these conditions holds; an empty list always does. */
export type RuleBase = {
  readonly id: string;
  readonly covers: readonly string[];
  readonly title: Text;
  readonly source: string;
  /** A: official text or schema. B: a real message or working code. C: code or reprint of unknown quality. D: derived. */
  readonly confidence: 'A' | 'B' | 'C' | 'D';
  readonly when: readonly Condition[];
  readonly options: Options;
};

export type Rule = RuleBase & {
  readonly code: ProblemCode;
  readonly check: string;
  readonly severity: Severity;
  readonly fields: readonly FieldPath[];
  /** Facts taken from the declaration's head: the field's value, with its name where a code list is given. */
  readonly facts: readonly { readonly name: string; readonly field: FieldPath; readonly codeList?: string }[];
  readonly message: Text;
  readonly expected: Text;
  readonly remedy: Text;
};

export type Default = RuleBase & {
  /** What is shown as `Filled.rule`. */
  readonly code: ProblemCode;
  readonly fill: string;
  readonly fields: readonly FieldPath[];
};

/** A numbered rule of the collected sources that is neither checked nor filled here, and why. */
export type LeftOut = { readonly id: string; readonly why: Text };

/** `places`: the one to mend first. */
export type Finding = { readonly places: readonly Place[]; readonly facts?: Facts };

/** Pure. Says nothing about what lacks a value. */
export type Check = (content: DeclarationContent, context: CheckContext) => readonly Finding[];
/** Made once per rule; throws where the options are not what the check needs. */
export type CheckFactory = (options: Options, deps: RuleDeps) => Check;

/** Fills empty values in place and says which. */
type Fill = (content: DeclarationContent, filled: Filled[]) => void;
export type FillFactory = (options: Options, rule: string, deps: RuleDeps) => Fill;

export type Entry = Readonly<SegmentContent>;
