/** The documents of an earlier run made again: from what was sent, as the ledger has it, and what was kept of the rest. */
import { askedDocuments } from '../config/also.ts';
import type { Settings } from '../config.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { DeclarationContent } from '../model/declaration.ts';
import type { Problem } from '../model/problem.ts';
import type { Decision, RunSummary } from '../model/result.ts';
import { exitCode, Stop } from '../model/stop.ts';
import { loadDocuments } from '../pack/documents/load.ts';
import type { Pack } from '../pack/pack.ts';
import { loadReceiptCodes } from '../pack/receipt-codes.ts';
import { contentWith, type ShipmentFields } from '../pipeline/documents/shipment-fields.ts';
import { wasLodged } from '../pipeline/recount.ts';
import type { ReportFactory } from '../reports/index.ts';
import { specOf } from './also.ts';
import { madeDocument } from './made-document.ts';
import { parseBody } from './shipments.ts';

export type DocumentsAgain = {
  readonly reports: readonly ReportFactory[];
  /** Each declaration of the run, as that run left it, before its rows are written. Throws `Stop` (exit 2) where neither the ledger nor the results have what it said. */
  readonly look: (decision: Decision, fields: ShipmentFields | undefined) => void;
  /** Those of the run, with what is said of these documents now instead of then. */
  readonly noticesAfter: (summary: RunSummary) => readonly Problem[];
};

type Again = {
  readonly pack: Pack;
  readonly ledger: Ledger;
  readonly run: string;
  readonly isTyped: boolean;
};

/** A comparison is of its moment: typed it is a stop (exit 2), in a configuration it is passed over. */
export function documentsAgain(
  { also, pack: packName }: Pick<Settings, 'also' | 'pack'>,
  { pack, ledger, run, isTyped }: Again,
): DocumentsAgain {
  const known = also === undefined ? [] : loadDocuments(packName, pack);
  const asked = also === undefined ? [] : askedDocuments(also).map((each) => specOf(each, known));
  const compared = asked.find(({ kind }) => kind !== 'produce');
  if (compared && isTyped)
    throw new Stop('report/not-compared-again', exitCode.usage, { facts: { document: [compared.name] } });
  const codes = loadReceiptCodes(packName);
  const specs = asked.filter(({ kind }) => kind === 'produce');
  const made = specs.map((spec) => madeDocument(spec, { codes, pack, now: () => new Date() }));
  const names = new Set(specs.map(({ name }) => name));
  const contentOf = (
    decision: Decision,
    fields: ShipmentFields | undefined,
  ): DeclarationContent | undefined => {
    const { key } = decision;
    const sent = key !== undefined && wasLodged(decision) ? parseBody(ledger.bodyOf(key)) : undefined;
    return sent ?? (fields && contentWith(fields));
  };
  return {
    reports: made.map(({ report }) => report),
    look(decision, fields) {
      if (made.length === 0) return;
      const { key = '', rows } = decision;
      const [first] = rows;
      const content = contentOf(decision, fields);
      if (content === undefined)
        throw new Stop('report/document-not-kept', exitCode.usage, {
          facts: { document: [...names], run, key, file: first.file, line: first.line },
        });
      for (const { see } of made) see({ content, first, at: () => ({ row: first }) });
    },
    noticesAfter: ({ notices }) => [
      ...made.flatMap((each) => each.notices()),
      ...notices.filter(({ code, facts }) => !isOf(code, facts, names)),
    ],
  };
}

function isOf(code: string, facts: Problem['facts'], names: ReadonlySet<string>): boolean {
  if (code !== 'document/made' && code !== 'document/incomplete') return false;
  const named = facts?.['document'];
  return Array.isArray(named) && named.some((name) => names.has(String(name)));
}
