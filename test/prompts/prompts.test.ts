import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { prompts } from '../../src/prompts/index.ts';
import { readArguments } from '../../src/prompts/read-arguments.ts';
import { callsIn, proseOf } from './calls.ts';
import { tools } from '../helpers/all-in-one.ts';

/** Texts that hosts may send, by argument: the ends of each range, and every word. */
const SENT: Readonly<Record<string, readonly string[]>> = {
  device_name: ['B12', "a 'quoted' (name), with=signs, and [more]"],
  area_cm2: ['0.000001', '1000'],
  relay: ['1', '256'],
  relays: ['all', '1-8', '3, 1, 256'],
  light_source: ['12_led', 'fast_led', 'led_ring', 'external', 'LED_RING'],
  temperatures_c: ['-5', '85', '-5, 20,85'],
  light_levels_percent: ['0.1', '100'],
  scan_rates_v_s: ['0.001', '100'],
  start_nm: ['200', '2500'],
  end_nm: ['200', '2500'],
  jv_id: ['latest', '2026-11-23_00.28.35Z_JV_S1-3_048b'],
  laser_channel: ['0', '63'],
  laser_percent: ['0.1', '100'],
  biases_v: ['-60', '60', '0,0.5'],
  light_level: ['0', '1'],
  thickness_um: ['0.0001', '10000'],
  length_mm: ['0.01', '1000'],
  width_mm: ['0.01', '1000'],
  max_current_a: ['1e-9', '0.1'],
  routines: ['JV', 'photo', 'jv; Dark JV', 'IPCE,MPPT,Impedance'],
  scope: ['ours', 'everything'],
};
const all = (): boolean => true;

describe.each(prompts.map((prompt) => [prompt.name, prompt] as const))('%s', (_, prompt) => {
  const names = Object.keys(prompt.arguments);
  const refused = new Set(['photo', ...(prompt.name === 'light_dependence' ? ['external'] : [])]);
  const texts = [
    prompt.text({}, all),
    ...names.flatMap((name) =>
      (SENT[name] ?? [])
        .filter((text) => !refused.has(text))
        .map((text) => prompt.text(readArguments(prompt, { [name]: text }), all)),
    ),
  ];
  const called = texts.flatMap(callsIn);

  it('is tried with every argument that it has', () => {
    for (const name of names) expect(SENT, name).toHaveProperty(name);
  });

  it('calls tools that exist, by arguments and values that they take', () => {
    expect(called).not.toEqual([]);
    for (const { tool: name, args } of called) {
      const tool = tools.find((one) => one.name === name);
      expect(tool, name).toBeDefined();
      for (const [argument, value] of Object.entries(args)) {
        const schema = tool?.input.shape[argument];
        expect(schema, `${name}(${argument})`).toBeDefined();
        if (value === undefined) continue;
        const read = z.safeParse(schema ?? z.never(), value);
        expect(read.success, `${name}(${argument}=${String(value)}): ${read.error?.message ?? ''}`).toBe(
          true,
        );
      }
    }
  });

  it('gives a tool what it cannot do without', () => {
    for (const { tool: name, args } of called) {
      const tool = tools.find((one) => one.name === name);
      const required = z.toJSONSchema(tool?.input ?? z.never(), { io: 'input' }).required ?? [];
      for (const argument of required) expect(Object.keys(args), name).toContain(argument);
    }
  });

  it('says which tools it cannot do without', () => {
    const optional = prompt.name === 'stop_everything' ? ['instrument_status', 'wait_for_measurement'] : [];
    expect(
      [...new Set(called.map(({ tool }) => tool))].filter((name) => !optional.includes(name)).sort(),
    ).toEqual(prompt.tools.toSorted());
  });

  it('names nothing else that tools do not know', () => {
    const known = tools
      .filter(({ name }) => prompt.tools.includes(name))
      .map(({ input }) => JSON.stringify(z.toJSONSchema(input, { io: 'input' })))
      .join();
    for (const text of texts)
      for (const [word] of proseOf(text).matchAll(/\b[a-z0-9]+(?:_[a-z0-9]+)+\b/g))
        expect(known).toContain(`"${word}"`);
  });

  it('ends with everything put back', () => {
    for (const text of texts) expect(callsIn(text).map(({ tool }) => tool)).toContain('safe_shutdown');
  });
});

describe('what a host sends', () => {
  const prompt = (name: string) => {
    const found = prompts.find((one) => one.name === name);
    if (found === undefined) throw new Error(name);
    return found;
  };

  it('may be blank, as hosts send what was left empty', () => {
    const screen = prompt('screen_pixels');
    expect(readArguments(screen, { device_name: ' ', area_cm2: '' })).toEqual({});
  });

  it('names relays one by one and in ranges', () => {
    expect(readArguments(prompt('screen_pixels'), { relays: '5, 1-3,2' })).toEqual({ relays: [5, 1, 2, 3] });
  });

  it.each([
    [
      'screen_pixels',
      { area_cm2: '0.1 cm²' },
      /^screen_pixels: area_cm2 cannot be "0.1 cm²": a number from [^,]*, without a unit$/,
    ],
    ['screen_pixels', { area_cm2: '-1' }, /from 0.000001 to 1000/],
    ['screen_pixels', { device_name: 'a/b' }, /device_name cannot be "a\/b": .*no < > : /],
    ['screen_pixels', { device_name: 'a'.repeat(101) }, /: text of at most 100 characters$/],
    ['screen_pixels', { relays: '0-3' }, /relays cannot be "0-3": relays such as 1-8/],
    ['screen_pixels', { relays: '8-1' }, /relays cannot be "8-1": relays/],
    ['jv_and_limits', { relay: '1.5' }, /a whole number from 1 to 256/],
    [
      'temperature_coefficient',
      { temperatures_c: '25,hot' },
      /cannot be "25,hot": 1 to 50 numbers with commas between them, each from -5 to 85, without a unit$/,
    ],
    ['temperature_coefficient', { temperatures_c: ',' }, /temperatures_c cannot be ",": 1 to 50 numbers/],
    [
      'light_dependence',
      { light_source: 'external' },
      /cannot be "external": one of 12_led, fast_led, led_ring$/,
    ],
    ['device_report', { routines: 'JV, Photo-CELIV' }, /one or several of JV, MPPT/],
    ['sheet_resistance', { area: '1' }, /no argument "area"/],
  ] as const)('%s refuses %j, and says what would be right', (name, sent, message) => {
    expect(() => readArguments(prompt(name), sent)).toThrow(message);
  });
});
