import { describe, expect, it } from 'vitest';
import { closesAfterEach } from '../../helpers/open.ts';
import { JV_SETTINGS, ok, startStateful } from '../../helpers/stateful-instrument.ts';
import { type Caution, toolsOn } from '../../helpers/tools.ts';
import { limitsOf } from './attempt.ts';
import { changed, type Path } from '../limits/settings.ts';

const opened = closesAfterEach();

const CAUTIONS: readonly [string, Caution][] = [
  ['--confirm never', { confirm: 'never' }],
  ['--allow limits', { confirm: 'hazardous', allow: ['limits'] }],
  ['by default', { confirm: 'hazardous' }],
];

/** An instrument that takes whatever settings it is sent. */
async function withSettings(settings: unknown, caution: Caution, routine = 'JV') {
  let inForce = settings;
  const instrument = opened(
    await startStateful((name, { parameter }) => {
      if (name === 'ROUTINE.GetSettings') return ok(inForce);
      if (name === 'ROUTINE.ApplySettings') inForce = parameter;
      return undefined;
    }),
  );
  instrument.state.routine = routine;
  const tools = opened(toolsOn(instrument.port, {}, 5000, caution));
  const sent = (): string[] =>
    instrument.received
      .map(({ command }) => command)
      .filter((command) => ['ApplySettings', 'StartMeasurement'].includes(command));
  return { tools, sent };
}

const scan = (members: object): object => ({ scan_settings: { scan: members } });
const with25 = (...[path, value]: [Path, unknown]): unknown =>
  changed(changed(JV_SETTINGS, ['scan_settings', 'scan', 'End (V)'], 25), path, value);

describe.each(CAUTIONS)('%s: what is beyond a hard limit is refused', (_, caution) => {
  it.each<[string, object]>([
    ['beside a member of another type', scan({ 'End (V)': 25, Order: 7 })],
    ['as text', scan({ 'End (V)': '25' })],
    ['as text with a decimal comma', scan({ 'End (V)': '2,5e1' })],
    ['as text with its unit', scan({ 'End (V)': '25 V' })],
    ['in a list', scan({ 'End (V)': [25] })],
    ['with its unit beside it', scan({ 'End (V)': { value: 25, unit: 'V' } })],
    ['in other letters', scan({ 'end_(v)': 25 })],
    ['at another depth', { 'End (V)': 25 }],
    ['in a group that nobody knows', { more: { of: { it: { 'End (V)': 25, Order: 7 } } } }],
    ['without a unit, under the name of a voltage', { 'Soak Bias': 25 }],
    ['as a reverse bias', scan({ 'Start (V)': -3.5 })],
    ['as a rate of 0', scan({ 'Rate (V/s)': 0 })],
    ['as a step of 0', scan({ 'Step (V)': 0 })],
    ['as a negative step', scan({ 'Step (V)': -0.02 })],
    ['as a rate of 0 in text', scan({ 'Rate (V/s)': '0,0' })],
    ['as a negative hold', { precondition: { 'Hold Time (s)': -1e9 } }],
    [
      'as a sweep without steps',
      { sweep_settings: [{ Type: 'Light', Enable: true, Start: 0, End: 100, Step: 0 }] },
    ],
  ])('%s', async (_name, settings) => {
    const { tools, sent } = await withSettings(JV_SETTINGS, caution);
    const answer = await tools.call('routine_apply_settings', { settings });
    expect(answer.error, answer.text).toMatchObject({ code: 'limit_exceeded', outcome: 'not_sent' });
    expect(sent()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['beside a member that is not documented', with25(['Soak Bias'], 0)],
    ['beside a member of another type', with25(['scan_settings', 'scan', 'Order'], 7)],
    ['beside a member that is missing', with25(['device_settings'], {})],
    ['nested otherwise', { config: { jv: with25(['more'], { deep: { Bias: 0 } }) } }],
    ['as text', changed(JV_SETTINGS, ['scan_settings', 'scan', 'End (V)'], '25')],
    ['a current of 5 A', changed(with25(['Order'], 7), ['device_settings', 'Compliance (A)'], 5)],
    ['a rate of 0', changed(JV_SETTINGS, ['scan_settings', 'scan', 'Rate (V/s)'], 0)],
    ['no bound in numbers', changed(JV_SETTINGS, ['scan_settings', 'scan', 'End (V)'], '-Infinity')],
  ])('in force at the instrument: %s', async (_name, settings) => {
    for (const [tool, args] of [
      ['routine_start_measurement', {}],
      ['measure_jv', { wait_s: 1 }],
      ['measure_routine', { routine: 'JV', wait_s: 1 }],
    ] as const) {
      const { tools, sent } = await withSettings(settings, caution);
      const answer = await tools.call(tool, args);
      expect(answer.error, answer.text).toMatchObject({ code: 'limit_exceeded', outcome: 'not_sent' });
      expect(sent()).toEqual([]);
    }
  });
});

describe('a question about settings', () => {
  it('names each value that cannot be read, and where it stands', async () => {
    const { tools, sent } = await withSettings(JV_SETTINGS, { confirm: 'hazardous' });
    const settings = { ...scan({ Order: 7, 'End (V)': 1.1 }), 'Soak level': 0.3 };
    const answer = await tools.call('routine_apply_settings', { settings });
    expect(answer.error, answer.text).toMatchObject({ code: 'confirmation_required', outcome: 'not_sent' });
    for (const part of ['scan_settings › scan › Order is 7', 'Soak level is 0.3', 'End (V)'])
      expect(answer.text).toContain(part);
    expect(sent()).toEqual([]);
  });

  it('names each value beyond a soft limit, and where it stands', async () => {
    const { tools } = await withSettings(JV_SETTINGS, { confirm: 'hazardous' });
    const settings = { ...scan({ 'End (V)': 1.6 }), precondition: { 'Hold Voltage (V)': 1.7 } };
    const answer = await tools.call('routine_apply_settings', { settings });
    expect(answer.error, answer.text).toMatchObject({ code: 'confirmation_required' });
    expect(answer.text).toContain('scan_settings › scan › End (V) is 1.6 V');
    expect(answer.text).toContain('precondition › Hold Voltage (V) is 1.7 V');
  });

  it('asks nothing of settings within the limits that are nested otherwise than documented', async () => {
    const { tools, sent } = await withSettings({ config: JV_SETTINGS }, { confirm: 'hazardous' });
    const settings = { config: scan({ 'End (V)': 1.1 }) };
    const answer = await tools.call('routine_apply_settings', { settings });
    expect(answer.isError, answer.text).toBe(false);
    expect(sent()).toEqual(['ApplySettings']);
  });
});

describe('an inverted cell', () => {
  it('sees the voltages the other way round: both senses are judged', async () => {
    const inverted = changed(JV_SETTINGS, ['device', 'Inverted'], true);
    const { tools, sent } = await withSettings(inverted, { confirm: 'hazardous' });
    const asked = await tools.call('measure_jv', { end_v: 1.4, wait_s: 1 });
    expect(asked.error, asked.text).toMatchObject({ code: 'confirmation_required', outcome: 'not_sent' });
    expect(asked.text).toContain('-1.4 V');
    expect(sent()).toEqual([]);
  });

  const limits = limitsOf({
    profiles: { single_junction: { voltage_v: { soft: [-0.5, 1.4], hard: [-1, 3] } } },
  });

  it.each([true, 'true', 1, 'yes', null])('%j counts as inverted', async (Inverted) => {
    const settings = changed(JV_SETTINGS, ['device', 'Inverted'], Inverted);
    const { tools, sent } = await withSettings(settings, { confirm: 'never', limits });
    const answer = await tools.call('routine_start_measurement');
    expect(answer.error, answer.text).toMatchObject({ code: 'limit_exceeded', outcome: 'not_sent' });
    expect(sent()).toEqual([]);
  });

  it.each([false, 'false', 0])('%j does not', async (Inverted) => {
    const settings = changed(JV_SETTINGS, ['device', 'Inverted'], Inverted);
    const { tools } = await withSettings(settings, { confirm: 'never', limits });
    expect(await tools.call('routine_start_measurement')).toMatchObject({ isError: false });
  });
});
