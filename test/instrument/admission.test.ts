import { describe, expect, it } from 'vitest';
import { commands } from '../../src/instrument/commands/index.ts';
import { clientTo } from '../helpers/client.ts';
import { rejection } from '../helpers/connection.ts';
import { startFake } from '../helpers/fake-instrument.ts';
import { closesAfterEach } from '../helpers/open.ts';

const opened = closesAfterEach();
const { MAIN } = commands;

/** A client with a clock of its own, whose commands wait behind a reading of somebody else each time they are admitted. */
async function bench({ waitsMs }: { waitsMs: readonly number[] }) {
  let nowMs = 0;
  let admitted = 0;
  const instrument = opened(
    await startFake((request, { reply }) => {
      // The reading takes as long as it is said to.
      if (request.command === 'GetProcedureInfo') nowMs += waitsMs[admitted - 1] ?? 0;
      reply(request, { status: 'OK', data: {} });
    }),
  );
  const { client } = opened(
    clientTo(instrument, {
      now: () => nowMs,
      gate: {
        admit: () => {
          admitted++;
          // Sent before the command that is admitted, and so in front of it.
          void client.custom('GetProcedureInfo', {}, { switchesOff: true });
          return Promise.resolve();
        },
      },
    }),
  );
  const wrote = () => instrument.received.filter(({ command }) => command === 'FireAll').length;
  return { client, wrote, admitted: () => admitted };
}

describe('a command that was admitted and then waited behind others', () => {
  it('is written at once where it waited for a moment', async () => {
    const { client, wrote, admitted } = await bench({ waitsMs: [500] });
    await client.custom('FireAll', {});
    expect([admitted(), wrote()]).toEqual([1, 1]);
  });

  it('is looked at again where it waited long', async () => {
    const { client, wrote, admitted } = await bench({ waitsMs: [5000, 5000, 100] });
    await client.custom('FireAll', {});
    expect([admitted(), wrote()]).toEqual([3, 1]);
  });

  it('is not sent where it has to wait each time', async () => {
    const { client, wrote } = await bench({ waitsMs: [5000, 5000, 5000, 5000] });
    const error = await rejection(client.custom('FireAll', {}));
    expect(error).toMatchObject({ code: 'instrument_busy', outcome: 'not_sent' });
    expect(wrote()).toBe(0);
    // Reading goes through.
    await client.call(MAIN.GetActiveRoutine, {});
  });
});
