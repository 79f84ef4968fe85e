import { describe, expect, it } from 'vitest';
import { type SimulatorRequest, startSimulator } from '../../src/simulator/server.ts';
import { GENERATIONS, type Generation, type Host, type Person, startHost } from '../helpers/hosts.ts';
import { closesAfterEach } from '../helpers/open.ts';
import { untilStatus } from '../helpers/routine.ts';

const opened = closesAfterEach();
const LASER = { channel: 1, intensity: 20 };
const YES = { action: 'accept', content: { agree: true } } as const;
const DARK = Array.from({ length: 12 }, () => 0);

interface Bench {
  host: Host;
  questions: string[];
  /** Frames of one command. */
  sent: (command: string) => unknown[];
}

/** A host with a person, on a simulator of its own, with a routine open. */
async function bench(
  generation: Generation,
  answer: Person | undefined,
  { args = [], routine = 'Luminescence' }: { args?: string[]; routine?: string } = {},
): Promise<Bench> {
  const requests: SimulatorRequest[] = [];
  const simulator = opened(
    await startSimulator({ speed: 50, onRequest: (request) => void requests.push(request) }),
  );
  const questions: string[] = [];
  const person: Person | undefined =
    answer === undefined
      ? undefined
      : (question) => {
          questions.push(question);
          return answer(question);
        };
  const confirm = args.includes('--confirm') ? [] : ['--confirm', 'hazardous'];
  const host = opened(
    await startHost(['--port', String(simulator.port), ...confirm, ...args], generation, {}, person),
  );
  if (routine !== '') {
    const answered = await host.call('main_start_routine', { routine });
    expect(answered.isError, answered.text).toBe(false);
    await untilStatus(host, 'Ready');
  }
  return {
    host,
    questions,
    sent: (command) =>
      requests.filter((request) => request.command === command).map(({ parameter }) => parameter),
  };
}

describe.each(GENERATIONS)('a person who is asked, %s', (generation) => {
  it('agrees: it is done, once, after one question that says what', async () => {
    const { host, questions, sent } = await bench(generation, () => YES);
    const answer = await host.call('luminescence_set_laser', LASER);
    expect(answer.isError, answer.text).toBe(false);
    expect(questions).toHaveLength(1);
    expect(questions[0]).toMatch(/^luminescence_set_laser: .*laser.*"intensity":20.*Allow it, this once\?$/);
    expect(sent('SetLaser')).toEqual([LASER]);
    // The next time is another time.
    await host.call('luminescence_set_laser', LASER);
    expect(questions).toHaveLength(2);
  });

  it.each([
    ['declines', { action: 'decline' }, /answered decline by itself.*--allow laser/],
    ['cancels', { action: 'cancel' }, /answered cancel by itself.*--allow laser/],
    ['leaves the box unticked', { action: 'accept', content: { agree: false } }, /not ticked/],
    ['gives an answer of another kind', { action: 'accept', content: { agree: 'yes' } }, /./],
  ] as const)('%s: it is not done', async (_, reply, says) => {
    const { host, questions, sent } = await bench(generation, () => reply);
    const answer = await host
      .call('luminescence_set_laser', LASER)
      // A host may refuse a mistyped answer by itself.
      .catch((error: unknown) => ({ isError: true, text: String(error) }));
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(says);
    expect(questions).toHaveLength(1);
    expect(sent('SetLaser')).toEqual([]);
  });

  it('cannot be asked: it is not done, and whoever runs the server can allow it', async () => {
    const { host, sent } = await bench(generation, undefined);
    const answer = await host.call('luminescence_set_laser', LASER);
    expect(answer.error).toMatchObject({ code: 'confirmation_required', outcome: 'not_sent' });
    expect(answer.text).toContain('--allow laser');
    expect(sent('SetLaser')).toEqual([]);
  });

  it('is not asked about what was allowed beforehand', async () => {
    const { host, questions, sent } = await bench(generation, () => ({ action: 'decline' }), {
      args: ['--allow', 'laser'],
    });
    expect((await host.call('luminescence_set_laser', LASER)).isError).toBe(false);
    expect(questions).toEqual([]);
    expect(sent('SetLaser')).toHaveLength(1);
  });

  it('answers two questions of one call', async () => {
    const { host, questions, sent } = await bench(generation, () => YES, { args: ['--confirm', 'always'] });
    const answer = await host.call('luminescence_set_laser', LASER);
    expect(answer.isError, answer.text).toBe(false);
    expect(questions).toHaveLength(2);
    expect(sent('SetLaser')).toEqual([LASER]);
  });

  it('is asked before a measurement, and for what the limits leave to a person', async () => {
    const { host, questions, sent } = await bench(generation, () => YES, { routine: 'JV' });
    const answer = await host.call('measure_jv', { end_v: 1.6, auto_voc: false, wait_s: 20 });
    expect(answer.isError, answer.text).toBe(false);
    expect(questions[0]).toMatch(/End \(V\) is 1\.6 V, above the soft limit of 1\.4 V/);
    expect(sent('StartMeasurement')).toHaveLength(1);
  });

  it('comes too late: nothing happens', async () => {
    let agree = (): void => undefined;
    let isAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const { host, sent } = await bench(generation, () => {
      isAsked();
      return new Promise((resolve) => {
        agree = () => resolve(YES);
      });
    });
    const controller = new AbortController();
    const call = host
      .call('luminescence_set_laser', LASER, { signal: controller.signal })
      .catch(() => 'given up');
    await asked;
    controller.abort();
    agree();
    expect(await call).toBe('given up');
    // Whatever the late answer set off would be in front of this.
    await host.call('routine_get_test_status');
    expect(sent('SetLaser')).toEqual([]);
  });
});

describe('how much is asked', () => {
  const led = { values: DARK.with(4, 0.1) };

  it('always: every call that acts, and none that takes energy out', async () => {
    const { host, questions } = await bench(GENERATIONS[1], () => YES, {
      args: ['--confirm', 'always'],
      routine: '',
    });
    for (const [tool, args] of [
      ['led_set_values', { values: DARK }],
      ['set_light', { preset: 'off' }],
      ['select_device', { relay: 0 }],
      ['tmpctl_set_enable', { enable: false }],
      ['set_stage_temperature', { control: 'off' }],
      ['instrument_status', {}],
      ['safe_shutdown', {}],
    ] as const) {
      const answer = await host.call(tool, args);
      expect(answer.isError, answer.text).toBe(false);
    }
    expect(questions).toEqual([]);
    expect((await host.call('led_set_values', led)).isError).toBe(false);
    expect(questions).toHaveLength(1);
  });

  it('hazardous: not an ordinary light or an ordinary JV; never: nothing', async () => {
    const refusing: Person = () => ({ action: 'decline' });
    const usual = await bench(GENERATIONS[1], refusing, { routine: '' });
    expect((await usual.host.call('set_light', { preset: 'sun' })).isError).toBe(false);
    expect((await usual.host.call('measure_jv', { wait_s: 20 })).isError).toBe(false);
    expect(usual.questions).toEqual([]);
    const never = await bench(GENERATIONS[1], refusing, { args: ['--confirm', 'never'] });
    expect((await never.host.call('luminescence_set_laser', LASER)).isError).toBe(false);
    expect(never.questions).toEqual([]);
  });

  it('quotes what was typed, without what would hide or break the question', async () => {
    const { host, questions } = await bench(GENERATIONS[1], () => ({ action: 'decline' }), {
      args: ['--confirm', 'always'],
      routine: '',
    });
    const note = `x"}. Harmless.\u202e\u200b\n\nIt was agreed to${'!'.repeat(1900)}`;
    await host.call('measure_jv', { note, wait_s: 0 });
    expect(questions[0]).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(questions[0]?.length).toBeLessThan(2000);
    expect(questions[0]).toMatch(/^measure_jv: .*\\"}\. Harmless.*Allow it, this once\?$/);
  });
});
