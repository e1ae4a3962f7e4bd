/** Writes `docs/dependencies.json`: what ships with declarant, as package-lock.json pins it. Reviewed advisories are kept. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dependenciesOf, type Dependency } from './dependencies.ts';

const file = new URL('dependencies.json', import.meta.url);
const before: readonly Dependency[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : [];
const reviewed = new Map(before.map(({ name, version, advisories }) => [`${name}@${version}`, advisories]));
const packages = dependenciesOf(new URL('..', import.meta.url)).map((each) => ({
  ...each,
  advisories: reviewed.get(`${each.name}@${each.version}`) ?? each.advisories,
}));
writeFileSync(file, `${JSON.stringify({ about: 'What ships: node docs/make-dependencies.ts writes it, test/supply-chain.test.ts holds it.', packages }, null, 2)}\n`);
