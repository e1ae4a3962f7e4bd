/** An empty template for exports, filled in, on its way into OutBox. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faultsIn } from '../window/cn-client/validity.ts';
import { exampleAsOwn } from './fill-template.ts';
import { roadWith, startClient, valuesOf } from './road.ts';

test('exports by sea in a template of three sheets, filled in as its example is, go into OutBox with their containers', async () => {
  const road = await roadWith('ningbo-sea-exports.xlsx');
  const template = 'exports.xlsx';
  expect(
    await road.run('template', '--direction', 'export', '--layout', 'two', '-o', template),
  ).toMatchObject({ code: 0 });
  await exampleAsOwn(
    join(road.place.folder, template),
    ['E-1', 'E-2'],
    [{ 提运单号: 'DYW26640101' }, { 提运单号: 'DYW26640102', 集装箱号: 'NBSU5180165' }],
  );
  await (
    await startClient(road, template)
  )();
  const lodged = await road.run('import', template, '--yes', '--wait', '0', '--report', 'none');
  expect(lodged).toMatchObject({ code: 0 });
  const sent = await road.messages('OutBox');
  expect(faultsIn(sent.map(({ path }) => path))).toEqual([]);
  const containers = sent.flatMap(({ text }) => valuesOf(text, 'ContainerId'));
  expect(new Set(containers)).toEqual(new Set(['BHLU3104225', 'NBSU5180165']));
  for (const { text } of sent) {
    expect(valuesOf(text, 'OriginCountry')).toEqual(['AUS']);
    expect(valuesOf(text, 'DestinationCountry')).toEqual(['CHN']);
  }
}, 60_000);
