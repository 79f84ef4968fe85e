import { describe, expect, it } from 'vitest';
import { allInOne } from '../../src/instrument/all-in-one.ts';
import { Ownership } from '../../src/safety/ownership.ts';
import type { Outcome } from '../../src/errors.ts';
import { TARGETS } from '../../src/instrument/command.ts';
import type { WrittenCommand } from '../../src/instrument/command-observer.ts';
import { DARK, LIT } from '../helpers/stateful-instrument.ts';
import { answerLater, observed, written } from '../helpers/written.ts';

/** An ownership that is told of commands, and a clock that is set by hand. */
function owning() {
  let ms = 0;
  const ownership = new Ownership(allInOne, () => ms);
  const named = (name: string, parameter: Record<string, unknown> = {}): WrittenCommand => {
    const [target, command = ''] = name.split('.');
    const known = TARGETS.find((candidate) => candidate === target);
    if (known === undefined) throw new Error(`no target in ${name}`);
    return written(known, command, parameter);
  };
  const read = (name: string, data: unknown) => observed(ownership.observe, named(name), 'ok', data);
  return {
    ownership,
    begin: (name: string, parameter?: Record<string, unknown>) => ownership.observe(named(name, parameter)),
    did: (name: string, parameter?: Record<string, unknown>, outcome: 'ok' | Outcome = 'ok') =>
      observed(ownership.observe, named(name, parameter), outcome),
    read,
    /** Asks for a look now; what it returns is called with the reply. */
    askedFor: (name: string) => answerLater(ownership.observe, named(name)),
    status: (word: string) => read('ROUTINE.GetTestStatus', { routine_status: word }),
    pass: (more: number) => void (ms += more),
  };
}

const START = 'ROUTINE.StartMeasurement';
const board = (values: number[], connected = true) => ({
  connected: true,
  boards: [{ address: 1, connected, values }],
});
const controllers = (...stable: string[]) =>
  stable.map((word, i) => ({
    address: i + 1,
    channel: 1,
    LatestMeasurement: { 'Temp. Measurement': { 'Object Temperature': 25, Stable: word } },
  }));

describe('a measurement', () => {
  it('of a server that is gone is over at two looks where that one had seen it run', () => {
    const { ownership, did, status } = owning();
    ownership.adopt({ kind: 'run' }, { seenOn: true });
    did('ROUTINE.StopMeasurement', {}, 'refused');
    status('Ready');
    expect(ownership.measurement).toBe(true);
    status('Ready');
    expect(ownership.measurement).toBe(false);
    const unseen = owning();
    unseen.ownership.adopt({ kind: 'run' });
    unseen.did('ROUTINE.StopMeasurement', {}, 'refused');
    for (let looks = 0; looks < 3; looks++) unseen.status('Ready');
    expect(unseen.ownership.measurement).toBe(true);
  });

  it('is not over when the routine says Ready right after the start (row 23), only when it is Ready long after', () => {
    const { ownership, did, status, pass } = owning();
    did(START);
    status('Ready');
    status('Ready');
    expect(ownership.measurement).toBe(true);
    pass(6000);
    status('Ready');
    status('Ready');
    expect(ownership.measurement).toBe(false);
  });

  it.each(['Ready', 'Paused', 'Busy', 'Initializing', 'Error', ''])(
    'is not over after one reply %j in its middle, and stays ours',
    (word) => {
      const { ownership, did, status } = owning();
      did(START);
      for (const said of ['Running', word, 'Running', word, 'Running']) status(said);
      expect(ownership.measurement).toBe(true);
    },
  );

  it('is over when two looks in a row show Ready', () => {
    const { ownership, did, status, pass } = owning();
    did(START);
    pass(60_000);
    for (const said of ['Running', 'Ready', 'Ready']) status(said);
    expect(ownership.measurement).toBe(false);
  });

  it.each(['Paused', 'Stopping', 'Acquiring', 'anything'])('goes on for as long as it is %j', (word) => {
    const { ownership, did, status } = owning();
    did(START);
    status('Running');
    for (let i = 0; i < 5; i++) status(word);
    expect(ownership.measurement).toBe(true);
  });

  it('that was told to stop is over when it is Ready, not when that was acknowledged', () => {
    const { ownership, did, status } = owning();
    did(START);
    status('Running');
    did('ROUTINE.StopMeasurement');
    expect(ownership.measurement).toBe(true);
    status('Running');
    expect(ownership.measurement).toBe(true);
    status('Ready');
    expect(ownership.measurement).toBe(false);
  });

  it('in a window that was told to close is over when the window is gone', () => {
    const { ownership, did, read } = owning();
    did('MAIN.StartRoutine', { routine: 'JV' });
    read('MAIN.GetActiveRoutine', { routine: 'JV' });
    did(START);
    did('ROUTINE.CloseRoutine');
    expect(ownership).toMatchObject({ measurement: true, routine: 'JV' });
    read('MAIN.GetActiveRoutine', { routine: 'JV' });
    expect(ownership).toMatchObject({ measurement: true, routine: 'JV' });
    read('MAIN.GetActiveRoutine', { routine: '' });
    expect(ownership).toMatchObject({ measurement: false, routine: undefined });
  });
});

interface Case {
  name: string;
  on: [string, Record<string, unknown>];
  off: [string, Record<string, unknown>];
  look: string;
  shown: { on: unknown; off: unknown; neither: unknown };
}

/** What switches a thing on and off, and replies that show it on, off, and neither. */
const THINGS: Case[] = [
  {
    name: 'LED board 1',
    on: ['LED.SetValues', { address: 1, values: LIT }],
    off: ['LED.SetValues', { address: 1, values: DARK }],
    look: 'LED.GetStatus',
    shown: { on: board(LIT), off: board(DARK), neither: board(DARK, false) },
  },
  {
    name: 'relays',
    on: ['MUX.SetStatus', { state: [true, false] }],
    off: ['MUX.SetStatus', { state: [false, false] }],
    look: 'MUX.GetStatus',
    shown: {
      on: { connected: true, nrRelays: 2, status: [true, false] },
      off: { connected: true, nrRelays: 2, status: [false, false] },
      neither: { connected: true, nrRelays: 2, status: [false] },
    },
  },
  {
    name: 'temperature control',
    on: ['TMPCTL.SetEnable', { enable: true }],
    off: ['TMPCTL.SetEnable', { enable: false }],
    look: 'TMPCTL.GetStatus',
    shown: {
      on: controllers('Not Active', 'Stable'),
      off: controllers('Not Active', 'Not Active'),
      neither: controllers('Not Active', ''),
    },
  },
  {
    name: 'the shutter of the monochromator',
    on: ['ROUTINE.SetShutter', { shutter_status: true }],
    off: ['ROUTINE.SetShutter', { shutter_status: false }],
    look: 'ROUTINE.GetMonochromatorStatus',
    shown: { on: { shutter: 'Open' }, off: { shutter: 'Closed' }, neither: { shutter: 'Busy' } },
  },
];

describe.each(THINGS)('$name', ({ name, on, off, look, shown }) => {
  it('is on from the moment it is told so, until it is told to go off and reads back as off', () => {
    const { ownership, begin, did, read } = owning();
    const settle = begin(...on);
    expect(ownership.switchedOn).toEqual([name]);
    settle('ok', []);
    did(...off);
    expect(ownership.switchedOn).toEqual([name]);
    for (const data of [shown.on, shown.neither]) {
      read(look, data);
      expect(ownership.switchedOn).toEqual([name]);
    }
    read(look, shown.off);
    expect(ownership).toMatchObject({ switchedOn: [], ours: [] });
  });

  it('is off when it reads back as off after it had read back as on: somebody else switched it off', () => {
    const { ownership, did, read } = owning();
    did(...on);
    // It may take a moment until it shows.
    read(look, shown.off);
    expect(ownership.switchedOn).toEqual([name]);
    read(look, shown.on);
    read(look, shown.off);
    expect(ownership.switchedOn).toEqual([]);
  });

  it('stays on where the off is refused, or was never sent', () => {
    const { ownership, did, read } = owning();
    did(...on);
    for (const outcome of ['refused', 'not_sent'] as const) did(...off, outcome);
    read(look, shown.off);
    expect(ownership.switchedOn).toEqual([name]);
  });

  it('is not on where that was refused', () => {
    const { ownership, did } = owning();
    did(...on, 'refused');
    expect(ownership.switchedOn).toEqual([]);
  });

  it('is not off by a look that was asked for before, or while the command that switches it on is unanswered', () => {
    const { ownership, askedFor, begin, did, read } = owning();
    const early = askedFor(look);
    const settle = begin(...on);
    did(...off);
    early(shown.off);
    read(look, shown.off);
    expect(ownership.switchedOn).toEqual([name]);
    settle('unknown', []);
    read(look, shown.off);
    expect(ownership.switchedOn).toEqual([]);
  });
});

it('a laser cannot be read back: acknowledged, its off is not verified, and stays listed until it is on again', () => {
  const { ownership, did } = owning();
  did('ROUTINE.SetLaser', { channel: 1, intensity: 30 });
  expect(ownership.switchedOn).toEqual(['laser channel 1']);
  did('ROUTINE.SetLaser', { channel: 1, intensity: 0 }, 'unknown');
  expect(ownership.switchedOn).toEqual(['laser channel 1']);
  did('ROUTINE.SetLaser', { channel: 1, intensity: 0 });
  expect(ownership).toMatchObject({
    switchedOn: [],
    ours: ['laser channel 1 (off acknowledged, not verifiable)'],
  });
  did('ROUTINE.SetLaser', { channel: 1, intensity: 30 });
  expect(ownership.ours).toEqual(['laser channel 1']);
});
