import { describe, expect, it } from 'vitest';
import { closesAfterEach } from '../../helpers/open.ts';
import { type Hook, ok, refused, startStateful } from '../../helpers/stateful-instrument.ts';
import { type Caution, toolsOn } from '../../helpers/tools.ts';

const opened = closesAfterEach();

async function withHook(hook: Hook, caution: Caution = {}, routine = 'JV') {
  const instrument = opened(await startStateful(hook));
  instrument.state.routine = routine;
  const tools = opened(toolsOn(instrument.port, {}, 2000, caution));
  const sent = (command: string): unknown[] =>
    instrument.received.filter((one) => one.command === command).map(({ parameter }) => parameter);
  return { tools, sent };
}

/** Every command that reads the settings, under its older name too. */
const settings =
  (body: Record<string, unknown>): Hook =>
  (name) =>
    ['ROUTINE.GetSettings', 'ROUTINE.LoadSettings'].includes(name) ? body : undefined;

describe('nothing is started while the settings in force cannot be read', () => {
  const replies: [string, Record<string, unknown>][] = [
    ['busy', refused(1001, 'busy')],
    ['no routine, though one is open', refused(4006, 'no active routine')],
    ['unknown command', refused(102, 'unknown command')],
    ['text', ok('End (V): 25')],
    ['a list', ok([25])],
    ['null', ok(null)],
  ];
  const starts: [string, Record<string, unknown>][] = [
    ['routine_start_measurement', {}],
    ['measure_jv', { wait_s: 1 }],
    ['measure_routine', { routine: 'JV', wait_s: 1 }],
  ];
  const cautions: Caution[] = [
    { confirm: 'never' },
    { confirm: 'hazardous', allow: ['limits'] },
    { confirm: 'hazardous' },
  ];

  it.each(replies.flatMap(([reply, body]) => starts.map(([tool, args]) => ({ reply, body, tool, args }))))(
    '$tool: $reply',
    async ({ body, tool, args }) => {
      for (const caution of cautions) {
        const { tools, sent } = await withHook(settings(body), caution);
        const answer = await tools.call(tool, args);
        expect(answer.isError, answer.text).toBe(true);
        expect(sent('StartMeasurement')).toEqual([]);
        if (tool === 'routine_start_measurement')
          expect(answer.error, answer.text).toMatchObject({ code: 'settings_not_read', outcome: 'not_sent' });
      }
    },
  );

  it('names the next step', async () => {
    const { tools } = await withHook(settings(refused(1001, 'busy')));
    const answer = await tools.call('measure_jv', { wait_s: 1 });
    expect(answer.error, answer.text).toMatchObject({ code: 'settings_not_read', outcome: 'not_sent' });
    expect(answer.text).toContain('routine_get_settings');
  });
});

describe('SetOutput is judged by the mode in force', () => {
  const limit = { 'Current limit (A)': 0.01, 'Voltage Limit (V)': 1 };
  const general = (Mode: unknown): object => ({
    Device_General: { Mode, 'Sample Rate (S/s)': 10, Autorange: true },
    Device_Specific: limit,
  });
  // 1.3 is a usual voltage, and a current above the hard limit of 1 A.
  it.each<[string, object, boolean]>([
    ['voltage', general('Constant Voltage'), true],
    ['voltage, in other letters', { device_general: { mode: 'constant voltage' } }, true],
    ['current', general('Constant Current'), false],
    ['current, in other letters', { device_general: { MODE: 'CONSTANT_CURRENT' } }, false],
    ['another Mode in voltage, after', { ...general('Constant Current'), Mode: 'Constant Voltage' }, false],
    ['another Mode in voltage, before', { Mode: 'Constant Voltage', ...general('Constant Current') }, false],
    [
      'a Mode of another group',
      { Display: { Mode: 'Constant Voltage' }, ...general('Constant Current') },
      false,
    ],
    ['a Mode in a comment', { Note: '"Mode": "Constant Voltage"', ...general('Constant Current') }, false],
    ['only a Mode that is not the documented one', { Mode: 'Constant Voltage' }, false],
    ['two of them', { ...general('Constant Current'), device_general: { Mode: 'Constant Voltage' } }, false],
    ['an unknown word', general('Pulse'), false],
    ['no text', general(0), false],
    ['nothing', {}, false],
  ])('%s', async (_, inForce, allowed) => {
    const { tools, sent } = await withHook(settings(ok(inForce)), { confirm: 'never' }, 'Connection Test');
    const answer = await tools.call('connection_test_set_output', { output: 1.3 });
    expect(answer.isError, answer.text).toBe(!allowed);
    expect(sent('SetOutput')).toEqual(allowed ? [{ output: 1.3 }] : []);
    if (!allowed) expect(answer.error).toMatchObject({ code: 'limit_exceeded', outcome: 'not_sent' });
  });

  it('as both, where the settings are refused', async () => {
    const { tools, sent } = await withHook(
      settings(refused(1001, 'busy')),
      { confirm: 'never' },
      'Connection Test',
    );
    const answer = await tools.call('connection_test_set_output', { output: 1.3 });
    expect(answer.error, answer.text).toMatchObject({ code: 'limit_exceeded', outcome: 'not_sent' });
    expect(sent('SetOutput')).toEqual([]);
  });
});

describe('names that every object has', () => {
  const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];
  it.each(names)('%s is no setting', async (name) => {
    const { tools, sent } = await withHook(settings(ok({ light: { Source: 'None' } })), { confirm: 'never' });
    for (const tree of [`{"${name}": 1}`, `{"light": {"${name}": {"x": 1}}}`, `{"x": [{"${name}": null}]}`]) {
      for (const [tool, args] of [
        ['routine_apply_settings', {}],
        ['measure_jv', { wait_s: 1 }],
      ] as const) {
        const answer = await tools.call(tool, { ...args, settings: JSON.parse(tree) });
        expect(answer.error, answer.text).toMatchObject({ code: 'invalid_input', outcome: 'not_sent' });
      }
    }
    expect(sent('ApplySettings')).toEqual([]);
    expect(sent('StartMeasurement')).toEqual([]);
  });

  it('are told of where the instrument has them', async () => {
    const inForce = { constructor: 1, toString: { valueOf: 2 } };
    const { tools } = await withHook(settings(ok(inForce)), { confirm: 'hazardous' });
    const answer = await tools.call('routine_start_measurement');
    expect(answer.error ?? {}, answer.text).not.toMatchObject({ code: 'internal_error' });
  });
});
