/** Proves a client journal: its pages, each message whole and under its own number, and that everything points to something. Changes nothing. */
import { clientSeqNoOf, parseDeclarationKey } from '../../model/ids.ts';
import { filesInZip } from './unzip.ts';
import { type JournalReader, type JournalRow, numberIn, textIn, blobIn } from './journal.ts';
import { isPurged } from './purge-journal.ts';
import { readReceiptXml } from './receipt-xml.ts';
import { hasSources } from './told.ts';

export type JournalFindings = {
  readonly messages: number;
  /** At most `mostFindings`; none: it is sound. */
  readonly findings: readonly string[];
};

const mostFindings = 100;

/** What points to nothing, one row for each. */
const dangling: readonly string[] = [
  `select 'number ' || number as finding from number where sent not in (select id from sent)`,
  `select 'feed ' || seq as finding from feed where sent not in (select id from sent)`,
  `select 'waiting ' || id as finding from waiting where file not in (select name from file)`,
  `select 'sent ' || stem as finding from sent where phase = 'placed' and not exists
     (select 1 from feed where feed.sent = sent.id and receipt = 'OutBox:' || stem)`,
  `select 'feed ' || seq as finding from feed where not json_valid(json)`,
];
/** Where receipts came from. */
const danglingSources = `select 'source ' || receipt as finding from source where file not in (select name from file)
  or not exists (select 1 from feed where feed.sent = source.sent and feed.receipt = source.receipt)`;

/** May run while another process hands over. */
export function verifyJournal(journal: JournalReader): JournalFindings {
  const findings: string[] = [];
  const note = (finding: unknown): void => {
    if (findings.length < mostFindings) findings.push(String(finding));
  };
  let messages = 0;
  try {
    for (const row of journal.each(`pragma integrity_check(${mostFindings})`))
      for (const said of Object.values(row)) if (said !== 'ok') note(said);
    const all = hasSources(journal) ? [...dangling, danglingSources] : dangling;
    for (const sql of all) for (const { finding } of journal.each(sql)) note(finding);
    for (const row of journal.each('select * from sent order by id')) {
      messages += 1;
      const wrong = wrongWith(row);
      if (wrong !== undefined) note(`sent ${numberIn(row, 'id')}: ${wrong}`);
    }
  } catch (error) {
    // SQLite gives up on a page that it cannot read: what was found until then stands.
    note(error instanceof Error ? error.message : error);
  }
  return { messages, findings };
}

function wrongWith(row: JournalRow): string | undefined {
  const number = textIn(row, 'client_seq_no');
  const key = parseDeclarationKey(textIn(row, 'key'));
  if (key === undefined || clientSeqNoOf(key) !== number) return 'client_seq_no is not that of its key';
  if (!textIn(row, 'stem').startsWith(`${number}-${textIn(row, 'digest').slice(0, 12)}-`))
    return 'stem is not that of its number and digest';
  const message = blobIn(row, 'message');
  return isPurged(message) || isMessageOf(message, number) ? undefined : 'the message is not whole';
}

/** An XML, or the one XML of an archive, that names the number. */
function isMessageOf(message: Uint8Array, number: string): boolean {
  const xmls =
    message[0] === 0x50
      ? (filesInZip(Buffer.from(message)) ?? [])
          .filter(({ name }) => /\.xml$/iu.test(name))
          .map(({ bytes }) => bytes)
      : [message];
  const [xml] = xmls;
  return (
    xml !== undefined &&
    xmls.length === 1 &&
    readReceiptXml(xml) !== undefined &&
    Buffer.from(xml).includes(number)
  );
}
