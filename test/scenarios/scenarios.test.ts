/**
 * Every folder of `fixtures/scenarios` is a behaviour of the command line, held to the letter. To add one: a folder with
 * `command.json`, then `UPDATE_SCENARIOS=1 npx vitest run test/scenarios`, and read what was written.
 */
import { describe, expect, it } from 'vitest';
import { accept, expected, play, readScenario, scenarioNames } from './scenario.ts';

const isUpdate = process.env['UPDATE_SCENARIOS'] === '1';

describe('the scenarios', { timeout: 60_000 }, () => {
  it('are there', () => {
    expect(scenarioNames.length).toBeGreaterThan(0);
  });

  it.each(scenarioNames)('%s', async (name) => {
    const scenario = await readScenario(name);
    const found = await play(scenario, name);
    if (isUpdate) await accept(name, found);
    expect(found.get('exit')).toBe(`${scenario.exit}\n`);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(await expected(name)));
  });
});
