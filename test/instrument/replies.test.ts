import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/instrument/command.ts';
import { toolName } from '../../src/instrument/command.ts';
import { commands } from '../../src/instrument/commands/index.ts';
import { progressFraction } from '../../src/instrument/progress.ts';
import { decodeReply } from '../../src/protocol/envelope.ts';
import { normaliseUnit } from '../../src/science/units.ts';
import { commandList } from '../helpers/all-in-one.ts';

function data(fixture: string): unknown {
  const reply = decodeReply(readFileSync(new URL(`../fixtures/wire/${fixture}`, import.meta.url)));
  if (!reply.ok) throw new Error(reply.message);
  return reply.data;
}
const read = <R>(command: Command<Command['parameter'], R>, fixture: string): R =>
  command.result.parse(data(fixture));
const { MAIN, ROUTINE, LED, MUX, TMPCTL } = commands;

describe('documented replies, typed', () => {
  it('routines', () => {
    expect(read(MAIN.GetAvailableRoutines, 'main-available-routines.txt').routines).toEqual([
      'JV',
      'MPPT',
      'Impedance',
      'Luminescence',
    ]);
    expect(read(MAIN.GetActiveRoutine, 'main-active-routine-none.txt')).toEqual({ routine: null });
  });

  it.each([
    ['routine-status-ready.txt', 'Ready', undefined],
    ['routine-status-old.txt', 'Running', 0.42],
    ['routine-status-jv-running.txt', 'Running', 0.0212],
    ['routine-status-jv-running.cp1252.txt', 'Running', 0.0212],
    ['routine-status-ipce-running.txt', 'Running', 0.4098],
    ['routine-status-celiv-running.txt', 'Running', 4.4098 / 11],
    ['routine-status-error.txt', 'Error', undefined],
  ])('%s (rows 22, 39)', (fixture, status, fraction) => {
    const read_ = read(ROUTINE.GetTestStatus, fixture);
    expect(read_.status).toBe(status);
    const got = progressFraction(read_.progress);
    if (fraction === undefined) expect(got).toBeUndefined();
    else expect(got).toBeCloseTo(fraction, 10);
  });

  it.each(['routine-status-jv-running.txt', 'routine-status-jv-running.cp1252.txt'])(
    'the unit of the current in %s is A/cm², whatever the encoding made of it (row 13)',
    (fixture) => {
      const { progress } = read(ROUTINE.GetTestStatus, fixture);
      const { current } = progress as { current: { unit: string } };
      expect(normaliseUnit(current.unit)).toBe('A/cm²');
    },
  );

  it('the error of a routine, which is no failed command (row 5)', () => {
    expect(read(ROUTINE.GetTestStatus, 'routine-status-error.txt').error).toBe('SMU not responding (5003)');
  });

  it('custom commands', () => {
    expect(read(ROUTINE.GetCustomCommands, 'custom-commands.txt').CustomCommands).toHaveLength(5);
  });

  it.each(['led-status-boards.txt', 'led-status-values.txt'])('%s (row 26)', (fixture) => {
    const { boards } = read(LED.GetStatus, fixture);
    expect(boards.map(({ values }) => values.length)).toEqual([12]);
  });

  it('relays (row 25)', () => {
    expect(read(MUX.GetStatus, 'mux-status.txt')).toMatchObject({
      count: 4,
      relays: [false, false, false, true],
      key: 'state',
    });
  });

  it('a temperature controller that has not measured yet: LabVIEW’s unset time (rows 15, 16)', () => {
    const [controller] = read(TMPCTL.GetStatus, 'tmpctl-status.txt');
    expect(controller).toMatchObject({
      state: 'Initializing',
      object: undefined,
      sink: undefined,
      active: false,
    });
    expect(controller?.text).toContain('stage unknown');
  });

  it('temperature controllers as an array or a single one (row 27)', () => {
    for (const sent of [{ address: 2 }, [{ address: 2 }]]) {
      expect(TMPCTL.GetStatus.result.parse(sent).map(({ address }) => address)).toEqual([2]);
    }
  });

  it('a temperature controller with half of its fields, or with NaN', () => {
    const [controller] = TMPCTL.GetStatus.result.parse({
      LatestMeasurement: {
        'Temp. Measurement': {
          'Object Temperature': Number.NaN,
          'Sink Temperature': '31.5',
          Stable: 'Stable',
        },
      },
    });
    expect(controller).toMatchObject({
      address: 0,
      object: undefined,
      sink: 31.5,
      target: undefined,
      active: true,
    });
  });

  it('a status without a state is not guessed', () => {
    expect(ROUTINE.GetTestStatus.result.safeParse({ progress: 3 }).success).toBe(false);
    expect(ROUTINE.GetTestStatus.result.parse({ state: 'READY' }).status).toBe('Ready');
  });
});

describe('progress', () => {
  it.each([
    [{ 'points done': 3, 'total points': 12 }, 0.25],
    [{ progress_pct: 50 }, 0.5],
    [250, 1],
    [-1, 0],
    [{ 'points done': 3, 'total points': 0 }, undefined],
    [{ total_delays: 4, delays_done: 1 }, 0.25],
    [Number.NaN, undefined],
    [null, undefined],
    ['half', undefined],
  ])('%j', (progress, fraction) => {
    expect(progressFraction(progress)).toBe(fraction);
  });
});

describe('the catalogue of commands', () => {
  it('names each tool by target and command, once', () => {
    const names = commandList.map(toolName);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(main|routine|led|mux|tmpctl)(_[a-z]+)+$/);
    expect(toolName(TMPCTL.SetTemperature)).toBe('tmpctl_set_temperature');
    expect(toolName(ROUTINE.GetTestStatus)).toBe('routine_get_test_status');
  });

  it('treats as safety what only takes energy out', () => {
    const zeros = Array.from({ length: 12 }, () => 0);
    expect(LED.SetValues.takesEnergyOut?.({ values: zeros })).toBe(true);
    expect(LED.SetValues.takesEnergyOut?.({ values: [...zeros.slice(1), 0.01] })).toBe(false);
    expect(MUX.SetStatus.takesEnergyOut?.({ state: [false, false] })).toBe(true);
    expect(MUX.SetStatus.takesEnergyOut?.({ state: [false, true] })).toBe(false);
    expect(TMPCTL.SetEnable.takesEnergyOut?.({ enable: false })).toBe(true);
  });
});
