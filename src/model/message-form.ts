/** The form of a message as a pack's `message.json` has it: which element holds which segment, in which order. */

export type MessageSection = {
  readonly segment: string;
  /** From below the root down to the entry: `DecLists`, `DecList`. The last one is written for each entry. */
  readonly element: readonly [string, ...string[]];
  /** Written in every message: its wrapper at least, or an entry of its own where it has none. */
  readonly isRequired: boolean;
  /** In the schema's order. */
  readonly tags: readonly string[];
  /** Written in each entry, empty where there is no value. */
  readonly always: ReadonlySet<string>;
  /** Newer than the published schema: written after all others, and only with a value. */
  readonly later: readonly string[];
  readonly nested: readonly NestedSection[];
};

/** A segment whose entries stand inside the entries of another, after the tag `after`. */
export type NestedSection = MessageSection & {
  readonly after: string;
  /** Tag of the outer entry, and the tag of the inner entry that must say the same. */
  readonly joinedBy: readonly (readonly [outer: string, inner: string])[];
};

export type MessageForm = {
  readonly root: string;
  readonly namespace: string;
  readonly version: string;
  readonly versionAttribute: string;
  /** Two tags of each entry that change places where the field `direction` says `export`. */
  readonly swapped: {
    readonly direction: string;
    readonly export: string;
    readonly segment: string;
    readonly tags: readonly [string, string];
  };
  /** Fields that the protocol writes, whatever the declaration says. */
  readonly written: ReadonlySet<string>;
  readonly sections: readonly MessageSection[];
};

/** Throws `TypeError` naming the member that is wrong. */
export function parseMessageForm(json: unknown): MessageForm {
  const form = object(json, 'message.json');
  const swapped = object(form['swapped'], 'swapped');
  const [first, second] = texts(swapped['tags'], 'swapped.tags');
  if (first === undefined || second === undefined) throw wrong('swapped.tags');
  return {
    root: text(form['root'], 'root'),
    namespace: text(form['namespace'], 'namespace'),
    version: text(form['version'], 'version'),
    versionAttribute: text(form['versionAttribute'], 'versionAttribute'),
    swapped: {
      direction: text(swapped['direction'], 'swapped.direction'),
      export: text(swapped['export'], 'swapped.export'),
      segment: text(swapped['segment'], 'swapped.segment'),
      tags: [first, second],
    },
    written: new Set(texts(form['written'], 'written')),
    sections: list(form['sections'], 'sections').map(section),
  };
}

function section(json: unknown): MessageSection {
  const found = object(json, 'sections');
  const segment = text(found['segment'], 'segment');
  const [first, ...rest] = text(found['element'], `${segment}.element`).split('/');
  return {
    segment,
    element: [first ?? segment, ...rest],
    isRequired: found['required'] === true,
    tags: texts(found['tags'], `${segment}.tags`),
    always: new Set(texts(found['always'] ?? [], `${segment}.always`)),
    later: texts(found['later'] ?? [], `${segment}.later`),
    nested: list(found['nested'] ?? [], `${segment}.nested`).map(nestedSection),
  };
}

function nestedSection(json: unknown): NestedSection {
  const found = object(json, 'nested');
  const joined = Object.entries(object(found['joinedBy'], 'joinedBy'));
  return {
    ...section(json),
    after: text(found['after'], 'after'),
    joinedBy: joined.map(([outer, inner]) => [outer, text(inner, `joinedBy.${outer}`)] as const),
  };
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where);
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(where);
  return value;
}

function texts(value: unknown, where: string): readonly string[] {
  return list(value, where).map((each) => text(each, where));
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw wrong(where);
  return value;
}

function wrong(where: string): TypeError {
  return new TypeError(`message form: ${where}`);
}
