/** Stands in for the import client and customs behind it: moves files as the client does, and answers with receipts in every known form. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { triggersOf } from '../sandbox/triggers.ts';
import { beijingSeconds, beijingStamp, momentOfStamp } from './beijing.ts';
import { folderNames, type Folders, foldersUnder } from './folders.ts';
import { filesInZip } from './unzip.ts';
import { readReceiptXml, type Element } from './receipt-xml.ts';
import { clientFailure, importResponse, noticeOf, type Numbers } from './simulated-receipts.ts';
import { lifeOf } from './simulated-life.ts';

export type SimulatorOptions = {
  readonly root: string;
  readonly now: () => Date;
  /** The same seed, messages and moments give the same receipts. */
  readonly seed: string;
  /** `calm`: each receipt once, in time and in order. `wild`: some late, repeated, or before the one that links them. */
  readonly order: 'calm' | 'wild';
  /** How much slower than usual; 1 where absent. */
  readonly stretch?: number;
};

export type Simulator = {
  /** Takes what is in OutBox, then writes every receipt that is due. */
  readonly tick: () => { readonly taken: number; readonly written: number };
  /** Receipts that are not due yet. */
  readonly waiting: () => number;
};

type Due = { readonly dueMs: number; readonly name: string; readonly bytes: Buffer };

/** Makes the folders where they are missing. What an earlier process took and had not yet answered is answered: SentBox and FailBox say what and when. */
export function openSimulator(options: SimulatorOptions): Simulator {
  const { root, now } = options;
  const folders = foldersUnder(root);
  for (const name of folderNames) mkdirSync(folders[name], { recursive: true });
  let due: Due[] = unanswered(folders, options);

  const take = (name: string): void => {
    const path = join(folders.OutBox, name);
    const nowMs = now().getTime();
    const stamp = beijingStamp(nowMs);
    const message = messageIn(name, readFileSync(path));
    const moved = `${name.replace(/\.[^.]*$/u, '')}_${stamp}${/\.[^.]*$/u.exec(name)?.[0] ?? ''}`;
    const isBroken = message === undefined || valueIn(message, 'ClientSeqNo') === '';
    if (isBroken || valueIn(message, 'NoteS').includes('#CLIENT:fail')) {
      renameSync(path, join(folders.FailBox, moved));
      due.push(failureOf(name, nowMs));
      return;
    }
    const byTime = join(folders.SentBox, stamp.slice(0, 8));
    mkdirSync(byTime, { recursive: true });
    renameSync(path, join(byTime, moved));
    due.push(...answersTo(message, name, nowMs, options));
  };

  return {
    tick() {
      const files = readdirSync(folders.OutBox, { withFileTypes: true });
      const ready = files
        .filter((file) => file.isFile() && /\.(?:xml|zip)$/iu.test(file.name))
        .map(({ name }) => name);
      for (const name of ready) take(name);
      const nowMs = now().getTime();
      const ripe = due.filter(({ dueMs }) => dueMs <= nowMs).toSorted((a, b) => a.dueMs - b.dueMs);
      due = due.filter(({ dueMs }) => dueMs > nowMs);
      for (const { name, bytes } of ripe) {
        writeFileSync(join(folders.InBox, `${name}.tmp`), bytes);
        renameSync(join(folders.InBox, `${name}.tmp`), join(folders.InBox, name));
      }
      return { taken: ready.length, written: ripe.length };
    },
    waiting: () => due.length,
  };
}

/** Of an archive: its one message, where it holds exactly the attachments that the message names, and no folder. */
function messageIn(name: string, bytes: Buffer): Element | undefined {
  if (/\.xml$/iu.test(name)) return readReceiptXml(bytes);
  const files = filesInZip(bytes) ?? [];
  const [message, ...others] = files.filter((file) => /\.xml$/iu.test(file.name));
  const element = message && others.length === 0 ? readReceiptXml(Buffer.from(message.bytes)) : undefined;
  if (element === undefined) return undefined;
  const named = valuesIn(element, 'EdocID').filter((id) => /\.pdf$/iu.test(id));
  const carried = files.filter((file) => file !== message).map((file) => file.name);
  const isWhole = named.toSorted().join('\n') === carried.toSorted().join('\n');
  return isWhole && !carried.some((each) => /[/\\]/u.test(each)) ? element : undefined;
}

function valuesIn(element: Element, name: string): readonly string[] {
  return element.children.flatMap((child) =>
    child.name === name ? [child.text.trim()] : valuesIn(child, name),
  );
}

/** The message lies in SentBox or FailBox before anything of it is answered. What stands in InBox was answered. */
function unanswered(folders: Folders, options: SimulatorOptions): Due[] {
  const answered = new Set(readdirSync(folders.InBox));
  const due = (['SentBox', 'FailBox'] as const).flatMap((box) =>
    readdirSync(folders[box], { recursive: true, withFileTypes: true }).flatMap((file): readonly Due[] => {
      const [, stem, stamp = '', type = ''] = /^(.+)_(\d{17})(\.(?:xml|zip))$/iu.exec(file.name) ?? [];
      if (stem === undefined || !file.isFile()) return [];
      const takenMs = momentOfStamp(stamp);
      if (box === 'FailBox') return [failureOf(`${stem}${type}`, takenMs)];
      const message = messageIn(file.name, readFileSync(join(file.parentPath, file.name)));
      return message === undefined ? [] : answersTo(message, `${stem}${type}`, takenMs, options);
    }),
  );
  return due.filter(({ name }) => !answered.has(name));
}

function failureOf(file: string, takenMs: number): Due {
  const name = `Failed_${file}_${beijingStamp(takenMs)}.xml`;
  return { dueMs: takenMs + 200, name, bytes: clientFailure() };
}

function answersTo(
  message: Element,
  file: string,
  takenMs: number,
  { seed, order, stretch = 1 }: SimulatorOptions,
): readonly Due[] {
  const luck = luckOf(`${seed}\n${file}`);
  const isImport = valueIn(message, 'IEFlag') !== 'E';
  const remarks = valueIn(message, 'NoteS');
  const { life, isInvalid } = triggersOf({ DecHead: { NoteS: remarks } });
  const numbers = numbersOf(message, { isImport, takenMs });
  const at = (afterMs: number): number => takenMs + afterMs * stretch;
  if (isInvalid || life === 'reject') {
    const bytes = importResponse(numbers, { code: '1', text: '商品序号1：商品编号不存在', luck });
    return [{ dueMs: at(1_000), name: `Failed_${file}_${stampOf(at(1_000), luck)}.xml`, bytes }];
  }
  const saved = {
    dueMs: at(1_000),
    name: `Successed_${file}_${stampOf(at(1_000), luck)}.xml`,
    bytes: importResponse(numbers, { code: '0', text: '', luck }),
  };
  const notices = lifeOf({ word: life, isImport, luck }).map(({ channel, afterMs }, index): Due => {
    const dueMs = at(afterMs);
    const serial = String(takenMs).padEnd(15, '0').slice(0, 15) + String(index).padStart(3, '0');
    const bytes = noticeOf(numbers, { channel, at: beijingSeconds(dueMs), luck });
    return {
      dueMs,
      name: `Receipt_DECCUS004_${numbers.windowNumber}_${serial}_${stampOf(dueMs, luck)}.xml`,
      bytes,
    };
  });
  const receipts = [saved, ...notices];
  return order === 'calm' ? receipts : disturbed(receipts, { luck, stretch });
}

/** Some come late, some twice under another name, and some change places with the one before. */
function disturbed(
  receipts: readonly Due[],
  { luck, stretch }: { readonly luck: Luck; readonly stretch: number },
): readonly Due[] {
  return receipts.flatMap((receipt): Due[] => {
    const late = luck(4) === 0 ? 9_000 * stretch : 0;
    const early = luck(4) === 0 ? -4_000 * stretch : 0;
    const moved = { ...receipt, dueMs: receipt.dueMs + late + early };
    if (luck(5) > 0) return [moved];
    const again = receipt.name.replace(/\.xml$/u, '7.xml');
    return [moved, { ...receipt, name: again, dueMs: moved.dueMs + 2_000 * stretch }];
  });
}

export type Luck = (below: number) => number;

/** Draws that the text decides alone. */
function luckOf(text: string): Luck {
  let draws = 0;
  return (below) => {
    draws += 1;
    return createHash('sha256').update(`${text}\n${draws}`).digest().readUInt32BE(0) % below;
  };
}

/** 17 to 23 digits. */
function stampOf(ms: number, luck: Luck): string {
  return `${beijingStamp(ms)}${'123456'.slice(0, luck(7))}`;
}

function numbersOf(
  message: Element,
  { isImport, takenMs }: { readonly isImport: boolean; readonly takenMs: number },
): Numbers {
  const clientSeqNo = valueIn(message, 'ClientSeqNo');
  const seed = createHash('sha256').update(clientSeqNo).digest();
  const year = beijingStamp(takenMs).slice(0, 4);
  const known = valueIn(message, 'SeqNo');
  const windowNumber = `${isImport ? 'I' : 'E'}${year}${String(seed.readUIntBE(0, 6)).slice(-13).padStart(13, '0')}`;
  const office = /^\d{4}$/u.exec(valueIn(message, 'CustomMaster'))?.[0] ?? '0900';
  const entryId = `${office}${year}${isImport ? '1' : '0'}${String(seed.readUInt32BE(8)).slice(-9).padStart(9, '0')}`;
  return { clientSeqNo, windowNumber: known === '' ? windowNumber : known, entryId };
}

/** The text of the first element of that name; empty where there is none. */
function valueIn(element: Element, name: string): string {
  for (const child of element.children) {
    const text = child.name === name ? child.text.trim() : valueIn(child, name);
    if (text !== '') return text;
  }
  return '';
}
