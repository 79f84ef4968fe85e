import { describe, expect, it } from 'vitest';
import { allInOne } from '../../src/instrument/all-in-one.ts';
import { Ownership } from '../../src/safety/ownership.ts';
import { safeShutdown } from '../../src/safety/safe-shutdown.ts';
import { InstrumentClient } from '../../src/instrument/client.ts';
import { connectTo } from '../helpers/connection.ts';
import { type Received, startFake } from '../helpers/fake-instrument.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { toolsOn } from '../helpers/tools.ts';

const opened = closesAfterEach();

/** A client whose commands are accounted for. */
function owningClient(instrument: { port: number }) {
  const connection = opened(connectTo(instrument));
  const ownership = new Ownership(allInOne);
  const client = new InstrumentClient({
    product: allInOne,
    connection,
    parameterKey: 'auto',
    requestTimeoutMs: 5000,
    userName: undefined,
    observe: ownership.observe,
  });
  return { connection, ownership, client };
}

/** An instrument whose SetLaser takes only the named parameters, and a client whose commands are accounted for. */
async function bench(accepted: readonly string[]) {
  const lasers: Record<string, unknown>[] = [];
  const instrument = opened(
    await startFake((request: Received, { reply }) => {
      const parameter = request.parameter ?? {};
      const refused = Object.keys(parameter).some((name) => !accepted.includes(name));
      if (request.command === 'SetLaser' && !refused) lasers.push(parameter);
      if (request.command === 'SetLaser' && refused)
        reply(request, { status: 'error', error: { code: 101, message: 'Invalid parameters' } });
      else if (request.target === 'LED') reply(request, { status: 'ok', data: { connected: false } });
      else if (request.target === 'MUX')
        reply(request, { status: 'ok', data: { connected: false, status: [] } });
      else if (request.target === 'TMPCTL') reply(request, { status: 'OK', data: [] });
      else reply(request, { status: 'OK', data: { routine_status: 'Ready' } });
    }),
  );
  const { connection, ownership, client } = owningClient(instrument);
  const shutdown = async () => {
    const steps = await safeShutdown({ connection, client, ownership }, 'ours');
    return steps.find(({ step }) => step === 'lasers');
  };
  return { client, lasers, shutdown, ownership };
}

describe('lasers at safe_shutdown', () => {
  it('are left alone when none was switched on through us', async () => {
    const { lasers, shutdown } = await bench(['channel', 'intensity']);
    expect(await shutdown()).toMatchObject({
      result: 'nothing to do',
      detail: expect.stringContaining('cannot be seen'),
    });
    expect(lasers).toEqual([]);
  });

  it.each([
    ['intensity', { channel: 2, frequency: 10_000, intensity: 40 }, { channel: 2, intensity: 0 }],
    ['a switch (TCSPC)', { laser: true }, { laser: false }],
    ['a switch with a port (TCSPC)', { port_id: 7, laser: true }, { port_id: 7, laser: false }],
    ['a switch (older Luminescence)', { enabled: true }, { enabled: false }],
  ])('go off in the form they were switched on in: %s', async (_, on, off) => {
    const { client, lasers, shutdown } = await bench(Object.keys(on));
    await client.custom('SetLaser', on);
    expect(await shutdown()).toMatchObject({ result: 'done' });
    expect(lasers).toEqual([on, off]);
    // That it is off cannot be read: it is told again.
    expect(await shutdown()).toMatchObject({ detail: expect.stringContaining('not verifiable') });
    expect(lasers).toEqual([on, off, off]);
  });

  it('lit by duty cycle go off by intensity where that is known', async () => {
    const { client, lasers, shutdown } = await bench(['channel', 'intensity', 'duty_cycle']);
    await client.custom('SetLaser', { channel: 1, duty_cycle: 30 });
    expect(await shutdown()).toMatchObject({ result: 'done' });
    expect(lasers.at(-1)).toEqual({ channel: 1, intensity: 0 });
  });

  it('lit by duty cycle, where there is nothing else, are sent no duty cycle and never called off', async () => {
    const { client, lasers, shutdown } = await bench(['channel', 'duty_cycle']);
    const on = { channel: 1, duty_cycle: 30 };
    await client.custom('SetLaser', on);
    for (let i = 0; i < 2; i++)
      expect(await shutdown()).toMatchObject({
        result: 'FAILED',
        // A person has to know what to do.
        detail: expect.stringMatching(/NOT SWITCHED OFF.*by duty cycle.*screen/),
      });
    expect(lasers).toEqual([on]);
  });

  it.each([
    ['intensity', { channel: 1, intensity: 5, duty_cycle: 30 }, { channel: 1, intensity: 0 }],
    ['a switch', { channel: 1, enabled: true, duty_cycle: 30 }, { channel: 1, enabled: false }],
    ['a port', { port_id: 7, laser: true, duty_cycle: 30 }, { port_id: 7, laser: false }],
  ])('lit by duty cycle and %s go off by the latter', async (_, on, off) => {
    const { client, lasers, shutdown } = await bench(Object.keys(on));
    await client.custom('SetLaser', on);
    expect(await shutdown()).toMatchObject({ result: 'done' });
    expect(lasers).toEqual([on, off]);
  });

  it('switched off by the caller are told once more: an acknowledgement is no proof', async () => {
    const { client, lasers, shutdown, ownership } = await bench(['channel', 'intensity']);
    await client.custom('SetLaser', { channel: 1, intensity: 5 });
    await client.custom('SetLaser', { channel: 1, intensity: 0 });
    expect(ownership).toMatchObject({ switchedOn: [], ours: [expect.stringContaining('not verifiable')] });
    expect(await shutdown()).toMatchObject({ result: 'done' });
    expect(lasers).toHaveLength(3);
  });

  it('that may have been switched on, because no answer came, are switched off', async () => {
    const seen: Record<string, unknown>[] = [];
    const instrument = opened(
      await startFake((request, { reply, socket }) => {
        if (request.command === 'SetLaser' && seen.push(request.parameter ?? {}) === 1) socket.destroy();
        else
          reply(request, { status: 'OK', data: { connected: false, status: [], routine_status: 'Ready' } });
      }),
    );
    const { connection, ownership, client } = owningClient(instrument);
    await expect(client.custom('SetLaser', { channel: 1, intensity: 5 })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    await safeShutdown({ connection, client, ownership }, 'ours');
    expect(seen).toEqual([
      { channel: 1, intensity: 5 },
      { channel: 1, intensity: 0 },
    ]);
  });
});

describe('a laser and its routine', () => {
  async function withActive(routine: { now: string }) {
    const sent: Record<string, unknown>[] = [];
    const instrument = opened(
      await startFake((request, { reply }) => {
        if (request.command === 'SetLaser') sent.push(request.parameter ?? {});
        const data = { routine: routine.now, routine_status: 'Ready', connected: false, status: [] };
        reply(request, { status: 'OK', data });
      }),
    );
    const tools = opened(toolsOn(instrument.port));
    return { sent, tools };
  }

  it('a laser of a routine that is no longer open is not switched off in another one, and that is said', async () => {
    const active = { now: 'Luminescence' };
    const { sent, tools } = await withActive(active);
    await tools.call('luminescence_set_laser', { channel: 1, intensity: 50 });
    active.now = 'TCSPC';
    expect((await tools.call('safe_shutdown')).structured).toMatchObject({
      safe: false,
      alarms: [
        expect.stringContaining('switched on in "Luminescence", which is not open now'),
        expect.anything(),
      ],
    });
    expect(sent).toHaveLength(1);
  });

  it('a switch without its port switches off the laser that was switched on with it', async () => {
    const { sent, tools } = await withActive({ now: 'TCSPC' });
    await tools.call('tcspc_set_laser', { laser: true, port_id: 7 });
    await tools.call('tcspc_set_laser', { laser: false });
    expect((await tools.call('instrument_status')).structured).toMatchObject({
      ours: [expect.stringMatching(/^laser port 7 .*not verifiable/)],
    });
    expect(sent).toHaveLength(2);
  });
});
