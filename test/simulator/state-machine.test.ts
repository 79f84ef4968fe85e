import { describe, expect, it } from 'vitest';
import { ROUTINES } from '../../src/simulator/routines/index.ts';
import { containing, jvDataOf, openRoutine, setUp, statusOf, succeeded } from './helpers.ts';

const ROUTINE_COMMANDS = [
  'StartMeasurement',
  'StopMeasurement',
  'CloseRoutine',
  'ApplySettings',
  'GetSettings',
  'GetTestStatus',
  'GetTestData',
  'SetInfo',
  'ClearErrors',
  'GetCustomCommands',
  'AcquireDark',
];

describe('routine', () => {
  it.each(ROUTINE_COMMANDS)('answers %s with 4006 when none is open', async (command) => {
    const { client } = await setUp();
    const wrongParameters = { foo: 1 };
    for (const parameter of [{}, wrongParameters]) {
      expect(await client.refusal('ROUTINE', command, parameter)).toMatchObject({
        code: 4006,
        message: 'no active routine',
      });
    }
  });

  it('goes from Initializing to Ready to Starting to Running and back to Ready', async () => {
    const { client, clock } = await setUp();
    const states: string[] = [];
    const note = async (): Promise<void> => {
      states.push((await statusOf(client)).routine_status);
    };
    await client.data('MAIN', 'StartRoutine', { routine: 'JV' });
    await note();
    clock.pass(1.01);
    await note();
    await client.data('ROUTINE', 'StartMeasurement');
    await note();
    clock.pass(0.31);
    await note();
    clock.pass(15.1);
    await note();
    clock.pass(0.2);
    await note();
    expect(states).toEqual(['Initializing', 'Ready', 'Starting', 'Running', 'Running', 'Ready']);
  });

  it('is one at a time', async () => {
    const setup = await setUp();
    const { client } = setup;
    await openRoutine(setup, 'JV');
    expect(await client.refusal('MAIN', 'StartRoutine', { routine: 'IPCE' })).toMatchObject({
      code: 4001,
      message: 'routine JV is open; close it first',
    });
    await client.data('ROUTINE', 'CloseRoutine');
    expect(await client.data('MAIN', 'GetActiveRoutine')).toEqual({ routine: '' });
    await openRoutine(setup, 'IPCE');
    expect(await client.data('MAIN', 'GetActiveRoutine')).toEqual({ routine: 'IPCE' });
  });

  it('starts and takes settings only when Ready, and stops only when it measures', async () => {
    const { client, clock } = await setUp();
    await client.data('MAIN', 'StartRoutine', { routine: 'JV' });
    expect(await client.refusal('ROUTINE', 'StartMeasurement')).toMatchObject({
      code: 4002,
      message: containing('Initializing'),
    });
    expect((await client.refusal('ROUTINE', 'ApplySettings')).code).toBe(4002);
    clock.pass(2);
    expect((await client.refusal('ROUTINE', 'StopMeasurement')).code).toBe(4003);
    await client.data('ROUTINE', 'StartMeasurement');
    for (const wait of [0, 1]) {
      clock.pass(wait);
      expect((await client.refusal('ROUTINE', 'StartMeasurement')).code).toBe(4002);
      expect((await client.refusal('ROUTINE', 'ApplySettings')).code).toBe(4002);
    }
    await client.data('ROUTINE', 'StopMeasurement');
    expect((await statusOf(client)).routine_status).toBe('Ready');
  });

  it('keeps what was measured before it was stopped', async () => {
    const setup = await setUp();
    const { client, clock } = setup;
    await openRoutine(setup, 'JV');
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 1 + 3.05);
    await client.data('ROUTINE', 'StopMeasurement');
    clock.pass(100);
    const data = await jvDataOf(client);
    expect(data.scans.map((scan) => scan.data.length)).toEqual([30]);
    expect(data.scans[0]?.parameters.efficiency.value).toBeNaN();
  });

  it('goes to Error when the SMU fails, and comes back with ClearErrors', async () => {
    const setup = await setUp({ faults: [{ name: 'smu-error', nth: 1, seconds: 5 }] });
    const { client, clock } = setup;
    await openRoutine(setup, 'JV');
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(20);
    expect(await statusOf(client)).toEqual({
      routine_status: 'Error',
      routine_name: 'JV',
      progress: null,
      error: { code: 5003, message: 'SMU not responding' },
    });
    expect((await jvDataOf(client)).scans[0]?.data).toHaveLength(37);
    expect((await client.refusal('ROUTINE', 'StartMeasurement')).code).toBe(4002);
    await client.data('ROUTINE', 'ClearErrors');
    expect(await statusOf(client)).toMatchObject({ routine_status: 'Ready', error: null });
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(20);
    expect((await statusOf(client)).routine_status).toBe('Ready');
    expect((await jvDataOf(client)).scans.map((scan) => scan.data.length)).toEqual([71, 71]);
  });
});

describe('routines', () => {
  it('are listed', async () => {
    const { client } = await setUp();
    expect(await client.data('MAIN', 'GetAvailableRoutines')).toEqual({
      routines: [
        'JV',
        'Dark JV',
        'IPCE',
        'Luminescence',
        'Impedance',
        'MPPT',
        'Resistivity',
        'Photo-CELIV',
        'TCSPC',
        'TPR',
        'Connection Test',
        'PLQY',
        'Pulsed EL',
      ],
    });
  });

  it.each(ROUTINES.map(({ name }) => name))('%s opens, gets Ready and holds its settings', async (name) => {
    const setup = await setUp();
    const { client } = setup;
    await openRoutine(setup, name.toUpperCase().replace(' ', ''));
    expect(await statusOf(client)).toEqual({
      routine_status: 'Ready',
      routine_name: name === 'Photo-CELIV' ? 'CELIV' : name,
      progress: null,
      error: null,
    });
    const settings = await client.data('ROUTINE', 'GetSettings');
    succeeded(await client.ask('ROUTINE', 'ApplySettings', { parameter: settings }));
    expect(await client.data('ROUTINE', 'GetSettings')).toEqual(settings);
    expect((await client.refusal('ROUTINE', 'ApplySettings', { nonsense: 1 })).code).toBe(101);
  });

  it('have the documented custom commands', async () => {
    const setup = await setUp();
    await openRoutine(setup, 'Luminescence');
    expect(await setup.client.data('ROUTINE', 'GetCustomCommands')).toEqual({
      CustomCommands: ['AcquireDark', 'AcquireReference', 'AcquireSingle', 'SetLaser', 'AutoExposure'],
    });
    expect(await setup.client.refusal('ROUTINE', 'SetShutter', {})).toMatchObject({
      code: 103,
      message: 'routine Luminescence has no command SetShutter',
    });
  });
});
