import { findColumn, type Scan } from '../dataset.ts';
import { largest } from '../extremes.ts';
import type { Evaluated } from './luminescence-evaluate.ts';
import { bandsOf, baselineOf, lineOn } from './spectrum.ts';

/** With fewer pixels, or less baseline, the zero level is unknown. */
const FEWEST_PIXELS = 100;
const LEAST_BASELINE = 0.3;
/** Height, in units of its noise, from which a dark spectrum counts as containing light. */
const LIGHT_IN_DARK = 20;

/** Objections that a specialist would raise to one spectrum. */
export function luminescenceDoubts(one: Evaluated): string[] {
  return [...exposureDoubts(one), ...darkDoubts(one), ...referenceDoubts(one), ...bandDoubts(one)];
}

function exposureDoubts({ raw, clipped }: Evaluated): string[] {
  if (clipped === undefined) return [];
  const count = raw.filter((value) => Math.abs(value - clipped) < 0.5).length;
  return [
    `saturated: ${count} pixels stand at ${clipped} counts; peak, width and area are wrong. Shorten the integration time (AutoExposure), then take a new dark`,
  ];
}

function darkDoubts({ scan, spectrum, baseline }: Evaluated): string[] {
  if (findColumn(scan, 'Counts') !== undefined) return irradianceDoubts(scan);
  const dark = valuesOf(scan, 'Dark');
  if (dark.length === 0) {
    return ['no dark was acquired: the spectrum is not dark-subtracted and its irradiance means nothing'];
  }
  const warnings: string[] = [];
  const { level, noise, share } = baseline;
  const uncertain = (6 * 1.25 * noise) / Math.sqrt(Math.max(1, share * spectrum.length));
  const judged = spectrum.length >= FEWEST_PIXELS && share > LEAST_BASELINE;
  if (judged && Math.abs(level) > Math.max(0.25 * noise, uncertain)) {
    warnings.push(
      `the dark-subtracted baseline lies at ${level.toFixed(1)} counts, not at 0: the dark is older than the last change of integration time, or stray light came in. Take a new dark and a new spectrum`,
    );
  }
  const own = baselineOf(dark);
  const [light] = bandsOf(
    dark.map((value, i) => [i, value] as const),
    own,
  );
  if (dark.length >= FEWEST_PIXELS && light !== undefined && light.height > LIGHT_IN_DARK * own.noise) {
    warnings.push('the dark holds light: it was taken with laser or LEDs on, and takes signal away');
  }
  return warnings;
}

/**
 * Objections to an irradiance beside raw counts: if it is in proportion to them, no dark was subtracted; if it
 * is missing, there was no dark.
 */
function irradianceDoubts(scan: Scan): string[] {
  const column = findColumn(scan, 'Irradiance');
  if (column === undefined) return [];
  const irradiance = valuesOf(scan, 'Irradiance');
  if (irradiance.length === 0) return ['no irradiance: there was no dark when the spectrum was taken'];
  const counts = valuesOf(scan, 'Counts');
  const floor = baselineOf(counts);
  const under = floor.level / largest(counts);
  const underIrradiance = baselineOf(irradiance).level / largest(irradiance);
  // If the spectrum has next to no offset, the two cases cannot be distinguished.
  if (counts.length < FEWEST_PIXELS || under < 1e-3 || Math.abs(underIrradiance / under - 1) > 0.3) return [];
  return ['the irradiance is in proportion to the raw counts: no dark was subtracted, and it means nothing'];
}

function referenceDoubts({ scan }: Evaluated): string[] {
  const transmittance = valuesOf(scan, 'Transmittance');
  const reference = valuesOf(scan, 'Reference');
  if (transmittance.length < FEWEST_PIXELS || reference.length !== transmittance.length) return [];
  const most = largest(reference);
  // Only pixels with enough reference light count.
  const lit = transmittance.filter((_, i) => (reference[i] ?? 0) > 0.2 * most);
  const above = lit.filter((t) => t > 1.1).length;
  return above > lit.length / 2
    ? [
        'more light passes the sample than the reference: the reference is older than the last change of integration time or light, or the sample emits',
      ]
    : [];
}

function bandDoubts({ bands, baseline, spectrum, clipped }: Evaluated): string[] {
  const [band, second] = bands;
  if (band === undefined) {
    return spectrum.length >= FEWEST_PIXELS && clipped === undefined
      ? ['no luminescence above the noise: is the light on, and the sample in place?']
      : [];
  }
  const warnings: string[] = [];
  const line = lineOn(spectrum, baseline, band);
  if (line !== undefined && clipped === undefined) {
    warnings.push(
      `a narrow line at ${line.toFixed(0)} nm lies inside the emission: the pump (or its second order) leaks into the window, and peak, width and area include it`,
    );
  }
  if (second !== undefined && second.height > 0.1 * band.height) {
    warnings.push(
      `there is another band at ${second.peak.toFixed(0)} nm, ${((100 * second.height) / band.height).toFixed(0)} % as high: exciting light, or a second emission`,
    );
  }
  if (band.fwhm === undefined) warnings.push('the band reaches beyond the spectrum: its width is not known');
  return warnings;
}

function valuesOf(scan: Scan, name: string): number[] {
  return (findColumn(scan, name)?.values ?? []).filter((value) => value !== null);
}
