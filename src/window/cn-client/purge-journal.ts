/** Forgets what messages and receipts said, once their declarations are decided and old; never numbers, digests and names. */
import { type DeclarationKey, parseDeclarationKey } from '../../model/ids.ts';
import { type Journal, numberIn, textIn, blobIn } from './journal.ts';
import { parseWord, sentFor } from './matching.ts';
import { wordsOf } from './receipt-file.ts';

export type JournalPurging = {
  readonly olderThan: Date;
  readonly isGone: (key: DeclarationKey) => boolean;
  /** Up to where the feed is in the ledger: what is not there yet stays whole. */
  readonly cursor: string;
};

export type JournalPurged = {
  readonly messages: number;
  /** Receipt files whose text was removed. */
  readonly files: number;
  /** Words that matched nothing. */
  readonly unmatched: number;
};

/** Rows of one transaction. */
const chunk = 500;
/** By its first two bytes a message is still told from an archive: its name follows from that. */
const keptBytes = 2;

export function isPurged(message: Uint8Array): boolean {
  return message.length <= keptBytes;
}

/** Nothing of what was removed stays in the file. To be called while nobody else hands over. */
export function purgeJournal(journal: Journal, purging: JournalPurging): JournalPurged {
  const before = purging.olderThan.toISOString();
  journal.run('delete from document where at < ?', before);
  const purged = {
    messages: purgeMessages(journal, purging),
    unmatched: purgeUnmatched(journal, purging.olderThan),
    files: purgeFiles(journal, purging),
  };
  // Pages keep remains of rows that became shorter, also with secure_delete: all of them are written anew.
  journal.all('vacuum');
  journal.all('pragma wal_checkpoint(truncate)');
  return purged;
}

function purgeMessages(journal: Journal, { isGone, olderThan, cursor }: JournalPurging): number {
  const [id, seq] = cursor.split(':');
  const told = id === journal.id ? Number(seq) : 0;
  let messages = 0;
  for (let after = 0; ;) {
    const rows = journal.all(
      'select id, key, at, length(message) as bytes from sent where phase = ? and id > ? order by id limit ?',
      'placed',
      after,
      chunk,
    );
    const [last] = rows.slice(-1);
    if (last === undefined) return messages;
    after = numberIn(last, 'id');
    journal.commit(() => {
      for (const row of rows) {
        const key = parseDeclarationKey(textIn(row, 'key'));
        const isOld = Date.parse(textIn(row, 'at')) < olderThan.getTime();
        if (key === undefined || !isOld || !isGone(key)) continue;
        const sent = numberIn(row, 'id');
        journal.run(
          `update feed set json = json_set(json_remove(json, '$.text'), '$.problems', json('[]'))
           where sent = ? and seq <= ?`,
          sent,
          told,
        );
        if (numberIn(row, 'bytes') <= keptBytes) continue;
        journal.run('update sent set message = substr(message, 1, ?) where id = ?', keptBytes, sent);
        messages += 1;
      }
    });
  }
}

function purgeUnmatched(journal: Journal, olderThan: Date): number {
  const old: number[] = [];
  for (const row of journal.each('select id, word from waiting order by id'))
    if (Date.parse(parseWord(textIn(row, 'word')).at) < olderThan.getTime()) old.push(numberIn(row, 'id'));
  journal.commit(() => {
    for (const id of old) journal.run('delete from waiting where id = ?', id);
  });
  return old.length;
}

/** A file stays whole while one of its words waits, or is about a declaration that stays. */
function purgeFiles(journal: Journal, { isGone }: JournalPurging): number {
  let files = 0;
  for (let after = ''; ;) {
    const rows = journal.all(
      'select name, raw from file where name > ? and length(raw) > 0 order by name limit ?',
      after,
      chunk,
    );
    const [last] = rows.slice(-1);
    if (last === undefined) return files;
    after = textIn(last, 'name');
    journal.commit(() => {
      for (const row of rows) {
        const name = textIn(row, 'name');
        if (journal.get('select 1 from waiting where file = ?', name) !== undefined) continue;
        const { words, stem } = wordsOf(name, blobIn(row, 'raw'));
        const owners = words.map((word) => sentFor({ at: '', ...word }, stem, journal));
        const isKept = owners.some((owner) => {
          const key = owner === undefined ? undefined : parseDeclarationKey(textIn(owner, 'key'));
          return key !== undefined && !isGone(key);
        });
        if (isKept) continue;
        journal.run("update file set raw = x'' where name = ?", name);
        files += 1;
      }
    });
  }
}
