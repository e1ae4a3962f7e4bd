/** A made document as a report beside the results: what the rows say waits for its result, and is written bill by bill at the end. */
import type { DocumentElement, DocumentPart, DocumentSpec, SettledPart } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';
import type { ReceiptCodes } from '../model/receipt-codes.ts';
import type { RowRef } from '../model/row.ts';
import type { Lang } from '../model/text.ts';
import type { Pack } from '../pack/pack.ts';
import { assemble } from '../pipeline/documents/assemble.ts';
import { partOf, settled } from '../pipeline/documents/part.ts';
import type { Onlooker } from '../pipeline/documents/seen.ts';
import { csvHead, csvShipment, csvTail } from '../reports/documents/document-csv.ts';
import { jsonHead, jsonShipment, jsonTail } from '../reports/documents/document-json.ts';
import type { ReportFactory, ReportPlace } from '../reports/index.ts';
import type { Output } from '../reports/output.ts';
import type { Report } from '../reports/report.ts';
import { openSpool, type Piece, type Spool } from '../spool.ts';

export type MadeDocument = {
  readonly see: NonNullable<Onlooker['see']>;
  readonly report: ReportFactory;
  /** How many bills it has, and which are not complete; once every result is there. */
  readonly notices: () => readonly Problem[];
};

export function madeDocument(spec: DocumentSpec, { codes, pack, now }: MadeOf): MadeDocument {
  // Each pass that counts opens the report anew.
  let waiting = new Map<string, DocumentPart>();
  let bills: Bills = new Map();
  return {
    see(seen) {
      const part = partOf(spec, seen);
      if (part) waiting.set(rowName(part.row), part);
    },
    async report(place) {
      waiting = new Map();
      bills = new Map();
      const spool = await openSpool();
      return documentReport({ spec, codes, pack, ...(now ? { now } : {}), place, waiting, bills, spool });
    },
    notices: () => noticesOf(spec, bills),
  };
}

type MadeOf = {
  readonly codes: ReceiptCodes;
  readonly pack: Pack;
  /** Where the document is made later than its run. */
  readonly now?: () => Date;
};
/** By bill: where its declarations lie in the spool, and whether each of them has a customs number. */
type Bills = Map<string, { readonly pieces: Piece[]; isComplete: boolean }>;

type Making = MadeOf & {
  readonly spec: DocumentSpec;
  readonly place: ReportPlace;
  /** By first row, until its result comes. */
  readonly waiting: Map<string, DocumentPart>;
  readonly bills: Bills;
  readonly spool: Spool;
};

function documentReport({ spec, codes, pack, now, place, waiting, bills, spool }: Making): Report {
  let outputs: readonly Output[] = [];
  return {
    async add(results) {
      for (const { ref, decision } of results) {
        const name = rowName(ref);
        const part = waiting.get(name);
        if (!part) continue;
        waiting.delete(name);
        const piece = await spool.append(JSON.stringify(settled(part, decision, { spec, codes })));
        const bill = bills.get(part.bill) ?? { pieces: [], isComplete: true };
        bills.set(part.bill, bill);
        bill.pieces.push(piece);
        bill.isComplete &&= decision.outcome === 'accepted';
      }
    },
    async end(summary) {
      if (waiting.size > 0)
        throw new Error(`conservation broken: ${waiting.size} of ${spec.name} have no result`);
      const words = { lang: place.context.lang, say: sayer(pack, place.context.lang) };
      const json = await place.openText(`${spec.name}.json`);
      outputs = [json];
      const csv = await place.openText(`${spec.name}.csv`);
      outputs = [json, csv];
      const madeAt = (now?.() ?? new Date(Date.parse(summary.startedAt) + summary.tookMs)).toISOString();
      await json.write(jsonHead(spec, summary, madeAt));
      await csv.write(csvHead(spec, words));
      let isFirst = true;
      for (const [bill, { pieces }] of bills) {
        if (bill === '') continue;
        const shipment = assemble(spec, await partsAt(spool, pieces));
        await json.write(jsonShipment(shipment, isFirst));
        await csv.write(csvShipment(shipment, spec, words));
        isFirst = false;
      }
      const withoutBill = await partsAt(spool, bills.get('')?.pieces ?? []);
      await json.write(jsonTail(withoutBill));
      await csv.write(csvTail(withoutBill, spec, words));
      const written = [await json.commit(), await csv.commit()];
      await spool.close();
      return written;
    },
    async abandon() {
      for (const output of outputs) await output.abandon();
      await spool.close();
    },
  };
}

async function partsAt(spool: Spool, pieces: readonly Piece[]): Promise<readonly SettledPart[]> {
  const parts: SettledPart[] = [];
  for (const piece of pieces) {
    // Our own JSON, written above.
    const part: SettledPart = JSON.parse(await spool.read(piece));
    parts.push(part);
  }
  return parts;
}

function rowName({ file, sheet = '', line }: RowRef): string {
  return JSON.stringify([file, sheet, line]);
}

/** A code with its name: `0902 大连机场`. */
function sayer({ fields, codeLists }: Pack, lang: Lang): (element: DocumentElement, value: string) => string {
  return ({ from }, value) => {
    const list = 'field' in from ? fields.get(from.field)?.codeList : undefined;
    const name = list === undefined ? undefined : codeLists.get(list)?.get(value)?.[lang];
    return name === undefined || name === '' || name === value ? value : `${value} ${name}`;
  };
}

const firstBills = 5;

function noticesOf({ name }: DocumentSpec, bills: Bills): readonly Problem[] {
  const known = [...bills].filter(([bill]) => bill !== '');
  const incomplete = known.filter(([, { isComplete }]) => !isComplete).map(([bill]) => bill);
  const withoutBill = bills.get('')?.pieces.length ?? 0;
  const facts = { document: [name], bills: known.length, incomplete: incomplete.length, withoutBill };
  const first = incomplete.slice(0, firstBills);
  return [
    incomplete.length + withoutBill === 0
      ? { code: 'document/made', severity: 'info', facts }
      : { code: 'document/incomplete', severity: 'warning', facts: { ...facts, first } },
  ];
}
