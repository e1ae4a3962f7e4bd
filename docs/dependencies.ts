/** What ships, read from package-lock.json and from the licence files of the installed packages. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export type Dependency = {
  readonly name: string;
  readonly version: string;
  /** As the package says; `none stated` where it says nothing. */
  readonly licence: string;
  readonly integrity: string;
  /** Advisories that were read for this version, each with what it means here. */
  readonly advisories: readonly { readonly id: string; readonly here: string }[];
};

type Locked = {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
};
export type LockedPackage = Locked & { readonly path: string; readonly name: string };

/** The production tree, sorted by name and version. */
export function lockedPackages(root: URL): readonly LockedPackage[] {
  const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(new URL('package-lock.json', root), 'utf8'),
  );
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path, locked]) => ({ path, name: path.slice(path.lastIndexOf('node_modules/') + 13), ...locked }))
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** One for each name and version. */
export function dependenciesOf(root: URL): readonly Dependency[] {
  const all = lockedPackages(root).map(({ path, name, version = '', license, integrity = '' }) => ({
    name,
    version,
    licence: license ?? licenceOf(new URL(`${path}/`, root)),
    integrity,
    advisories: [],
  }));
  return all.filter(({ name, version }, at) => all[at - 1]?.name !== name || all[at - 1]?.version !== version);
}

/** Older packages name theirs in a list, or in a file only. */
function licenceOf(folder: URL): string {
  if (!existsSync(folder)) return 'none stated';
  const said: { readonly license?: unknown; readonly licenses?: unknown } = JSON.parse(
    readFileSync(new URL('package.json', folder), 'utf8'),
  );
  const listed = [said.license, said.licenses].flat().map((each) =>
    typeof each === 'object' && each !== null && 'type' in each ? each.type : each,
  );
  const stated = listed.find((each) => typeof each === 'string');
  if (typeof stated === 'string') return stated;
  const text = readdirSync(folder).find((name) => /^licen[cs]e/iu.test(name));
  return text !== undefined && /Permission is hereby granted, free of charge/u.test(readFileSync(new URL(text, folder), 'utf8'))
    ? 'MIT'
    : 'none stated';
}
