import { InputError } from '../../errors.ts';
import { commands } from '../../instrument/commands/index.ts';
import { describeBoard, isLit } from '../../instrument/commands/led.ts';
import { isRecord } from '../../text/is-record.ts';
import { findSetting } from '../../instrument/routines/find-setting.ts';
import type { Settings } from '../../instrument/settings.ts';
import type { Run } from '../run/run.ts';

/**
 * Checks the light of a routine with a light source of its own. Refuses a light level that nothing would shine, since
 * the usual source is None, and refuses two lights at once.
 */
export async function requireRightLight(
  run: Run,
  wanted: Settings,
  { light_level_percent: level }: { readonly light_level_percent?: number | undefined },
): Promise<void> {
  const source = findSetting(wanted, 'Source');
  requireSource(run, source, level);
  if (source === undefined || source === 'None' || source === 'External') return;
  const lit = await litBoards(run);
  if (lit.length === 0) return;
  throw new InputError(
    `there would be two lights on the sample: the light source is ${JSON.stringify(source)}, and ${lit.map(describeBoard).join('; ')}`,
    {
      hint: 'To measure under the LEDs that are lit: light_source "external". Otherwise switch them off first with set_light, preset "off".',
    },
  );
}

/** Refuses to call a measurement dark while LEDs are on. */
export async function requireDark(run: Run): Promise<void> {
  const lit = await litBoards(run);
  if (lit.length === 0) return;
  throw new InputError(`it would not be dark: ${lit.map(describeBoard).join('; ')}`, {
    hint: 'Switch the LEDs off with set_light, preset "off", and measure again.',
  });
}

function requireSource({ args }: Run, source: unknown, asked: number | undefined): void {
  const { settings: patch } = args;
  // Every routine has some level: only one that was asked tells that light is wanted.
  const level = asked ?? (isRecord(patch) ? findSetting(patch, 'Level (%)') : undefined);
  if (level === undefined || level === 0 || source !== 'None') return;
  throw new InputError(
    `${asked === undefined ? 'Level (%)' : 'light_level_percent'} ${JSON.stringify(level)} was asked, but the light source is None`,
    {
      hint: 'Give light_source too: 12_led for the instrument’s LEDs, external for a lamp or set_light.',
    },
  );
}

async function litBoards({ session }: Run) {
  return (await session.readOptional(commands.LED.GetStatus))?.boards.filter(isLit) ?? [];
}
