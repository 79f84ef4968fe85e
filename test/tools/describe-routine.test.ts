import { describe, expect, it } from 'vitest';
import { describeRoutine } from '../../src/instrument/routines/describe.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { startFake } from '../helpers/fake-instrument.ts';
import { toolsOn } from '../helpers/tools.ts';
import { routines } from '../helpers/all-in-one.ts';

const opened = closesAfterEach();

describe('describe_routine', () => {
  it('says what the resource says, of every routine, and asks no instrument', async () => {
    const instrument = opened(await startFake(() => undefined));
    const bench = opened(toolsOn(instrument.port));
    for (const routine of routines) {
      const { text, isError } = await bench.call('describe_routine', { routine: routine.name.toLowerCase() });
      expect({ text, isError }).toEqual({ text: describeRoutine(routine), isError: false });
    }
    expect(instrument.connections).toBe(0);
  });

  it('names what it knows where a name is wrong', async () => {
    const instrument = opened(await startFake(() => undefined));
    const bench = opened(toolsOn(instrument.port));
    const { text, error } = await bench.call('describe_routine', { routine: 'Impedence' });
    expect(text).toContain('Is Impedance meant?');
    expect(text).toContain('TCSPC');
    expect(error).toMatchObject({ outcome: 'not_sent' });
  });
});
