import { InputError } from '../errors.ts';
import { LED_CHANNELS, SUN_LEVELS } from '../instrument/commands/led.ts';
import { folded } from '../text/closest.ts';
import { quote } from '../text/quote.ts';

/** Light that is asked for: exactly one of `preset`, `channels`, `wavelengths`. Levels are 0 to 1. */
export interface LightRequest {
  preset?: 'sun' | 'off' | undefined;
  /** Scales the preset. */
  level?: number | undefined;
  /** By channel name; letter case, spaces, hyphens and underscores do not matter. */
  channels?: Readonly<Record<string, number>> | undefined;
  wavelengths?: readonly { nm: number; level: number }[] | undefined;
}

export interface Light {
  /** One per channel, in the order of LED_CHANNELS; channels not asked for are 0. */
  levels: readonly number[];
  /** Remarks: which channel stands for a wavelength. */
  notes: readonly string[];
}

const OFF = LED_CHANNELS.map(() => 0);
/** nm from the peak: the widest band, Green, reaches that far. */
const REACH = 25;
const PEAKS = LED_CHANNELS.flatMap(({ name, band }, index) => {
  const nm = /^(\d+) nm$/.exec(band)?.[1];
  return nm === undefined ? [] : [{ index, name, nm: Number(nm) }];
});

/** Throws InputError: none or several of the three, unknown or repeated channels, a wavelength no channel is near. */
export function lightLevels({ preset, level, channels, wavelengths }: LightRequest): Light {
  const given = [preset, channels, wavelengths].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw wrong(
      `${given.length === 0 ? 'none' : 'more than one'} of preset, channels and wavelengths is given`,
      'Give exactly one of them; preset "off" switches the LEDs off.',
    );
  }
  if (level !== undefined && preset !== 'sun') {
    throw wrong(
      'level scales the preset "sun" and nothing else',
      'Leave level out; channels and wavelengths carry their own levels.',
    );
  }
  if (preset === 'off') return { levels: OFF, notes: [] };
  if (preset === 'sun') return { levels: SUN_LEVELS.map((full) => rounded(full * (level ?? 1))), notes: [] };
  return wavelengths === undefined ? byName(channels ?? {}) : byWavelength(wavelengths);
}

function byName(channels: Readonly<Record<string, number>>): Light {
  const chosen = Object.entries(channels).map(([name, level]) => {
    const index = LED_CHANNELS.findIndex((channel) => bare(channel.name) === bare(name));
    if (index >= 0) return { index, level };
    const known = LED_CHANNELS.map((channel) => channel.name).join(', ');
    throw wrong(`there is no LED channel ${quote(name)}`, `The channels are ${known}.`);
  });
  return { levels: levelsOf(chosen), notes: [] };
}

function byWavelength(wavelengths: readonly { nm: number; level: number }[]): Light {
  const chosen = wavelengths.map(({ nm, level }) => {
    // Between two equally near the longer one: it does less to a sample.
    const nearest = PEAKS.reduce((a, b) => (Math.abs(b.nm - nm) <= Math.abs(a.nm - nm) ? b : a));
    if (Math.abs(nearest.nm - nm) <= REACH) return { ...nearest, asked: nm, level };
    const known = PEAKS.map((peak) => `${peak.nm} (${peak.name})`).join(', ');
    throw wrong(
      `no LED channel is within ${REACH} nm of ${nm} nm`,
      `Peaks in nm: ${known}. Warm White and Cool White are chosen with channels.`,
    );
  });
  return {
    levels: levelsOf(chosen),
    notes: chosen
      .filter(({ nm, asked }) => nm !== asked)
      .map(({ name, nm, asked }) => `${asked} nm is lit by ${name}, whose peak is at ${nm} nm`),
  };
}

function levelsOf(chosen: readonly { index: number; level: number }[]): readonly number[] {
  if (chosen.length === 0)
    throw wrong('no channel is named', 'Name one; preset "off" switches the LEDs off.');
  const twice = chosen.find(({ index }, i) => chosen.findIndex((other) => other.index === index) < i);
  if (twice !== undefined) {
    const name = LED_CHANNELS[twice.index]?.name ?? '';
    throw wrong(`the channel ${name} is asked for twice`, 'Give each channel once.');
  }
  return OFF.map((off, i) => chosen.find(({ index }) => index === i)?.level ?? off);
}

function bare(name: string): string {
  return folded(name).replaceAll('-', '');
}

/** Ten-thousandths, which is finer than any LED follows. */
function rounded(level: number): number {
  return Math.round(level * 1e4) / 1e4;
}

function wrong(message: string, hint: string): InputError {
  return new InputError(message, { hint: `${hint} Then call set_light again.` });
}
