/** A disk that may lose its power: what was synced is there, of everything else any part may be. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Call } from './strace.ts';

type Change =
  | { readonly kind: 'bytes'; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'length'; readonly length: number };

/** One file, whatever its name: the bytes that are certain, and what was asked for since the last sync. */
type Content = { sure: Buffer; open: Change[]; end: number };

type Naming = { readonly name: string; readonly content: Content | undefined };

/** Its names, in one folder: those that are certain, and the changes since its last sync, in their order. */
type Folder = { sure: Map<string, Content>; open: Naming[][] };

/** Decides about what was not synced. */
export type Fate = {
  /** Of so many changes of names, how many of the first ones happened. */
  readonly names: (count: number) => number;
  /** The bytes of one change that reached the disk; nothing: none of them. */
  readonly bytes: (bytes: Buffer) => Buffer | undefined;
  readonly length: () => boolean;
};

/** Everything that was asked for and not synced is lost. */
export const allLost: Fate = { names: () => 0, bytes: () => undefined, length: () => false };

const sector = 512;

/** Drops, keeps and tears by chance. */
export function byChance(random: () => number): Fate {
  const kept = random();
  return {
    names: (count) => Math.floor(random() * (count + 1)),
    length: () => random() < kept,
    bytes: (bytes) => {
      if (random() < kept) return bytes;
      if (random() < 0.5 || bytes.length <= sector) return undefined;
      return bytes.subarray(0, sector * Math.floor((random() * bytes.length) / sector));
    },
  };
}

export class Disk {
  readonly #folder: string;
  readonly #names = new Map<string, Content>();
  readonly #folders = new Map<string, Folder>();
  readonly #open = new Map<number, Content>();

  /** Only what lies in this folder, or below, is followed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  apply(call: Call): void {
    if (call.call === 'open') this.#openFile(call);
    else if (call.call === 'rename') this.#rename(call);
    else if (call.call === 'unlink')
      this.#name(dirname(call.path), [{ name: basename(call.path), content: undefined }]);
    else if (call.call === 'sync') this.#sync(call);
    else if (call.call === 'failed') this.#fail(call);
    else if (call.call === 'write' || call.call === 'cut') this.#change(call);
  }

  /** Writes what is left after the power came back into `to`. */
  after(fate: Fate, to: string): void {
    for (const [path, { sure, open }] of this.#folders) {
      const names = new Map(sure);
      for (const changes of open.slice(0, fate.names(open.length)))
        for (const { name, content } of changes) set(names, name, content);
      const place = join(to, path.slice(this.#folder.length));
      mkdirSync(place, { recursive: true });
      for (const [name, content] of names)
        // SQLite's index of its log is not believed after a restart: it is gone with the memory it lay in.
        if (!name.endsWith('-shm'))
          writeFileSync(join(place, name), bytesAfter(content, fate), { mode: 0o600 });
    }
  }

  #openFile({ fd, path, isNew, cuts }: Extract<Call, { call: 'open' }>): void {
    this.#open.delete(fd);
    if (!path.startsWith(`${this.#folder}/`)) return;
    let content = this.#names.get(path);
    if (content === undefined && !isNew) return;
    if (content === undefined) {
      content = { sure: Buffer.alloc(0), open: [], end: 0 };
      this.#name(dirname(path), [{ name: basename(path), content }]);
    } else if (cuts) content.open.push({ kind: 'length', length: 0 });
    this.#open.set(fd, content);
  }

  #rename({ from, to }: Extract<Call, { call: 'rename' }>): void {
    const content = this.#names.get(from);
    if (content === undefined) return;
    if (dirname(from) !== dirname(to))
      throw new Error('a rename from one folder into another is not followed');
    this.#name(dirname(to), [
      { name: basename(from), content: undefined },
      { name: basename(to), content },
    ]);
  }

  #name(path: string, changes: Naming[]): void {
    if (path !== this.#folder && !path.startsWith(`${this.#folder}/`)) return;
    const folder: Folder = this.#folders.get(path) ?? { sure: new Map(), open: [] };
    this.#folders.set(path, folder);
    folder.open.push(changes);
    for (const { name, content } of changes) set(this.#names, join(path, name), content);
  }

  #change(call: Extract<Call, { call: 'write' | 'cut' }>): void {
    const content = this.#open.get(call.fd);
    if (content === undefined) return;
    if (call.call === 'cut') {
      content.open.push({ kind: 'length', length: call.length });
      content.end = call.length;
      return;
    }
    const at = call.at ?? content.end;
    content.open.push({ kind: 'bytes', at, bytes: call.bytes });
    content.end = Math.max(content.end, at + call.bytes.length);
  }

  /** A system that could not write forgets that it should: programs go on reading what never reaches the disk. */
  #fail({ name, path }: Extract<Call, { call: 'failed' }>): void {
    if (name !== 'fsync' && name !== 'fdatasync') return;
    const touched = this.#folders.get(path) ?? this.#names.get(path);
    if (touched !== undefined) touched.open = [];
  }

  #sync({ fd, path }: Extract<Call, { call: 'sync' }>): void {
    const folder = this.#folders.get(path);
    if (folder !== undefined) {
      for (const changes of folder.open)
        for (const { name, content } of changes) set(folder.sure, name, content);
      folder.open = [];
      return;
    }
    const content = this.#open.get(fd);
    if (content === undefined) return;
    content.sure = content.open.reduce(applied, content.sure);
    content.open = [];
  }
}

function set(names: Map<string, Content>, name: string, content: Content | undefined): void {
  if (content === undefined) names.delete(name);
  else names.set(name, content);
}

function bytesAfter({ sure, open }: Content, fate: Fate): Buffer {
  return open.reduce((bytes, change) => {
    if (change.kind === 'length') return fate.length() ? applied(bytes, change) : bytes;
    const kept = fate.bytes(change.bytes);
    return kept === undefined ? bytes : applied(bytes, { ...change, bytes: kept });
  }, sure);
}

function applied(bytes: Buffer, change: Change): Buffer {
  if (change.kind === 'length') {
    const cut = Buffer.alloc(change.length);
    bytes.copy(cut, 0, 0, change.length);
    return cut;
  }
  const grown = Buffer.alloc(Math.max(bytes.length, change.at + change.bytes.length));
  bytes.copy(grown);
  change.bytes.copy(grown, change.at);
  return grown;
}
