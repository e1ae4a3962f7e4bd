/** Declarations and batches for the window's tests. */
import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import type { DeclarationContent } from '../../src/model/declaration.ts';
import { digestOf, parseBatchId, parseDeclarationKey, type DeclarationKey } from '../../src/model/ids.ts';
import type { Batch, Lodgement } from '../../src/window/single-window.ts';

function keyOf(text: string): DeclarationKey {
  const key = parseDeclarationKey(text);
  if (key === undefined) throw new TypeError(`no key: ${text}`);
  return key;
}

export function lodgement(key: string, head: Readonly<Record<string, string>> = {}): Lodgement {
  const content: DeclarationContent = {
    DecHead: { CustomMaster: '0910', IEFlag: 'I', BillNo: key, ...head },
    DecLists: [{ GNo: '1', CodeTS: '8471300000', GName: '笔记本电脑' }],
  };
  const body = canonicalJson(content);
  return { key: keyOf(key), digest: digestOf(body), body };
}

/** A lodgement with a word for the sandbox in its remarks. */
export function marked(key: string, word: string): Lodgement {
  return lodgement(key, { NoteS: `加急 #SANDBOX:${word}` });
}

export function batchOf(...lodgements: readonly [Lodgement, ...Lodgement[]]): Batch {
  const id = parseBatchId(randomUUID());
  if (id === undefined) throw new TypeError('no batch id');
  return { id, pack: 'cn-goods-declaration', lodgements };
}
