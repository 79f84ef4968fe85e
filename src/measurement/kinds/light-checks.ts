import { InputError } from '../../errors.ts';
import { commands } from '../../instrument/commands/index.ts';
import { describeBoard, isLit } from '../../instrument/commands/led.ts';
import { findSetting } from '../../instrument/routines/find-setting.ts';
import type { Settings } from '../arguments/settings-path.ts';
import type { Run } from '../run/run.ts';

/** Refuses a light level that nothing would shine: the usual light source is None. */
export function requireLightSource({ args }: Run, wanted: Settings): void {
  const { light_level_percent: level } = args;
  const source = findSetting(wanted, 'Source');
  if (level === undefined || level === 0 || source !== 'None') return;
  throw new InputError(
    `light_level_percent ${JSON.stringify(level)} was asked, but the light source is None`,
    {
      hint: 'Give light_source too: 12_led for the instrument’s LEDs, external for a lamp or set_light.',
    },
  );
}

/** Refuses to call a measurement dark while LEDs are on. */
export async function requireDark({ session }: Run): Promise<void> {
  const lit = (await session.look(commands.LED.GetStatus))?.boards.filter(isLit) ?? [];
  if (lit.length === 0) return;
  throw new InputError(`it would not be dark: ${lit.map(describeBoard).join('; ')}`, {
    hint: 'Switch the LEDs off with set_light, preset "off", and measure again.',
  });
}
