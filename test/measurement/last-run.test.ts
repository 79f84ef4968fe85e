import { expect, it } from 'vitest';
import type { Target } from '../../src/instrument/command.ts';
import { observed, written } from '../helpers/written.ts';
import { Callers } from '../../src/safety/caller.ts';
import { LastRun } from '../../src/measurement/last-run.ts';

function sent(lastRun: LastRun, target: Target, command: string, parameter = {}, data: unknown = {}) {
  observed(lastRun.observe, written(target, command, parameter), 'ok', data);
}

function named(): LastRun {
  const lastRun = new LastRun(() => new Date(), new Callers());
  sent(lastRun, 'MAIN', 'GetActiveRoutine', {}, { routine: 'JV' });
  sent(lastRun, 'ROUTINE', 'SetInfo', { device_name: 'A', device_area: 0.1 });
  expect(lastRun.sample).toEqual({ deviceName: 'A', areaCm2: 0.1 });
  return lastRun;
}
const nobody = { deviceName: undefined, areaCm2: undefined };

it('forgets the sample with the pixel', () => {
  const lastRun = named();
  sent(lastRun, 'MUX', 'SetStatus', { state: [true, false] });
  expect(lastRun.sample).toEqual(nobody);
});

it('forgets the sample when the window is gone that was open, as after a restart', () => {
  const lastRun = named();
  sent(lastRun, 'MAIN', 'GetActiveRoutine', {}, { routine: '' });
  expect(lastRun.sample).toEqual(nobody);
});

it('keeps the sample when it closed the window itself', () => {
  const lastRun = named();
  sent(lastRun, 'ROUTINE', 'CloseRoutine');
  sent(lastRun, 'MAIN', 'GetActiveRoutine', {}, { routine: '' });
  expect(lastRun.sample.deviceName).toBe('A');
});

it('counts what may change a measurement, and no looking', () => {
  const { changes, observe } = new LastRun(() => new Date(), new Callers());
  for (const command of [
    'GetTestStatus',
    'GetStatus',
    'GetSettings',
    'LoadSettings',
    'GetTestData',
    'GetRates',
  ])
    observe(written('ROUTINE', command));
  observe(written('MUX', 'GetStatus'));
  expect(changes.count).toBe(0);
  for (const [target, command] of [
    ['MUX', 'SetStatus'],
    ['LED', 'SetValues'],
    ['TMPCTL', 'SetTemperature'],
    ['ROUTINE', 'SetInfo'],
    ['ROUTINE', 'NobodyKnows'],
  ] as const)
    observe(written(target, command));
  expect(changes.count).toBe(5);
});
