/** The JSON Schema of a made document, from its folder of data. */
import { outcomes } from '../../model/result.ts';
import { type DocumentElement, type DocumentSpec, listsOf } from '../../model/document.ts';

const text = { type: 'string', minLength: 1 };
const both = {
  type: 'object',
  required: ['zh', 'en'],
  additionalProperties: false,
  properties: { zh: text, en: text },
};

export function outputSchema(spec: DocumentSpec): object {
  const of = (wanted: string): readonly DocumentElement[] =>
    spec.elements.filter(({ level }) => level === wanted);
  const lists = [...listsOf(spec)].map(([name, elements]) => [
    name,
    { type: 'array', items: closed(membersOf(elements)) },
  ]);
  const own = { row: { $ref: '#/$defs/row' }, outcome: { $ref: '#/$defs/outcome' }, key: text };
  const named = closed(own, ['row', 'outcome']);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://declarant.example/schemas/cn/goods-declaration/documents/${spec.name}/output.schema.json`,
    title: `${spec.title.zh} · ${spec.title.en}`,
    description: `Made from document.json beside it. ${spec.notice?.en ?? ''}`.trim(),
    ...closed(
      {
        schemaVersion: { const: 1 },
        document: { const: spec.name },
        version: { const: spec.version },
        title: both,
        ...(spec.notice ? { notice: both } : {}),
        run: text,
        mode: { enum: ['check', 'dry-run', 'import'] },
        madeAt: { type: 'string', format: 'date-time' },
        shipments: { type: 'array', items: { $ref: '#/$defs/shipment' } },
        withoutBill: {
          type: 'array',
          items: { $ref: '#/$defs/named' },
          description: 'Declarations whose bill is not known: they may belong to any.',
        },
      },
      ['schemaVersion', 'document', 'version', 'title', 'run', 'mode', 'madeAt', 'shipments', 'withoutBill'],
    ),
    $defs: {
      shipment: closed(
        {
          ...membersOf(of('shipment')),
          isComplete: {
            type: 'boolean',
            description: 'Every declaration of the bill in this run has a customs number.',
          },
          declarations: { type: 'array', items: { $ref: '#/$defs/declaration' } },
          missing: {
            type: 'array',
            items: { $ref: '#/$defs/named' },
            description: 'Declarations of the bill that are not lodged, or of which that is not known.',
          },
        },
        ['isComplete', 'declarations', 'missing'],
      ),
      declaration: closed(
        {
          ...own,
          ...membersOf(of('declaration')),
          ...Object.fromEntries(lists),
        },
        ['row', 'outcome'],
      ),
      named,
      row: closed({ file: text, sheet: text, line: { type: 'integer', minimum: 1 } }, ['file', 'line']),
      outcome: { enum: outcomes },
    },
  };
}

function closed(properties: object, required: readonly string[] = []): object {
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
    properties,
  };
}

/** What each element says, and where it comes from. */
function membersOf(elements: readonly DocumentElement[]): object {
  return Object.fromEntries(
    elements.map(({ name, title, from, bring, level }) => {
      const description = `${title.zh} · ${title.en} (${'field' in from ? from.field : `run: ${from.run}`})`;
      const isList = level === 'shipment' && bring === 'list';
      return [name, isList ? { type: 'array', items: text, description } : { ...text, description }];
    }),
  );
}
