import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LED_CHANNELS } from '../../src/instrument/commands/led.ts';
import { type LightRequest, lightLevels } from '../../src/conditions/light-levels.ts';
import { SUN_MIX } from '../../src/simulator/physics/light.ts';

const zeros = LED_CHANNELS.map(() => 0);
const with1 = (levels: Record<number, number>): number[] => zeros.map((zero, i) => levels[i] ?? zero);

describe('the levels of a light', () => {
  it('the sun is what the simulator calls one sun, and scales', () => {
    expect(lightLevels({ preset: 'sun' }).levels).toEqual(SUN_MIX);
    expect(lightLevels({ preset: 'sun', level: 0.1 }).levels.slice(0, 4)).toEqual([
      0.0307, 0.0619, 0.0139, 0.0084,
    ]);
    expect(lightLevels({ preset: 'off' }).levels).toEqual(zeros);
  });

  it('channels are known by name, however it is written, and the others are off', () => {
    for (const name of ['Deep Blue', 'deepblue', 'DEEP_BLUE', ' deep-blue '])
      expect(lightLevels({ channels: { [name]: 0.4 } }).levels).toEqual(with1({ 4: 0.4 }));
    expect(lightLevels({ channels: { UV: 0.1, 'far uv': 0.2 } }).levels).toEqual(with1({ 2: 0.2, 3: 0.1 }));
  });

  it('every channel has a name of its own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (levels) => {
          const channels = Object.fromEntries(LED_CHANNELS.map(({ name }, i) => [name, levels[i] ?? 0]));
          expect(lightLevels({ channels }).levels).toEqual(levels);
        },
      ),
    );
  });

  it.each([
    [365, 2, false],
    [375, 3, true],
    [450, 4, true],
    [535, 5, true],
    [625, 7, false],
    [650, 8, true],
    [840, 10, true],
    [965, 11, true],
  ])('%d nm is channel index %d', (nm, index, noted) => {
    const { levels, notes } = lightLevels({ wavelengths: [{ nm, level: 0.3 }] });
    expect(levels).toEqual(with1({ [index]: 0.3 }));
    expect(notes).toHaveLength(noted ? 1 : 0);
  });

  it.each<[LightRequest, RegExp, RegExp]>([
    [{}, /^none of preset/, /exactly one/],
    [{ preset: 'sun', channels: { UV: 1 } }, /^more than one of/, /exactly one/],
    [{ preset: 'off', level: 0.5 }, /level scales/, /Leave level out/],
    [{ channels: { UV: 0.5 }, level: 0.5 }, /level scales/, /own levels/],
    [
      { channels: { 'Ultra"Violet': 0.5 } },
      /no LED channel "Ultra'Violet"/,
      /Warm White, Cool White, Far UV/,
    ],
    [{ channels: {} }, /no channel is named/, /preset "off"/],
    [{ channels: { UV: 0.5, uv: 0.2 } }, /UV is asked for twice/, /once/],
    [{ wavelengths: [] }, /no channel is named/, /preset "off"/],
    [{ wavelengths: [{ nm: 800, level: 1 }] }, /within 25 nm of 800 nm/, /730 \(Far Red\), 860 \(IR\)/],
    [
      {
        wavelengths: [
          { nm: 620, level: 1 },
          { nm: 630, level: 0.5 },
        ],
      },
      /Red is asked for twice/,
      /once/,
    ],
  ])('%j is refused', (request, message, hint) => {
    expect(() => lightLevels(request)).toThrow(
      expect.objectContaining({
        outcome: 'not_sent',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });
});
