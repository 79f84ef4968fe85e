import type { Product } from '../../instrument/product.ts';
import { anyRoutineKind } from './any-routine.ts';
import { celivKind } from './celiv.ts';
import { contactKind } from './contact.ts';
import { darkJvKind } from './dark-jv.ts';
import { eqeKind } from './eqe.ts';
import { impedanceKind } from './impedance.ts';
import { jvKind } from './jv.ts';
import type { MeasurementKind } from './kind.ts';
import { luminescenceKind } from './luminescence.ts';
import { sheetResistanceKind } from './sheet-resistance.ts';
import { trackingKind } from './stabilised-power.ts';
import { tcspcKind } from './tcspc.ts';
import { transientKind } from './transient.ts';

/** Every kind of measurement, one tool each, in the order in which they are listed. */
const KINDS: readonly MeasurementKind[] = [
  jvKind,
  darkJvKind,
  trackingKind,
  contactKind,
  eqeKind,
  luminescenceKind,
  impedanceKind,
  transientKind,
  celivKind,
  tcspcKind,
  sheetResistanceKind,
  anyRoutineKind,
];

/** The kinds of measurement that a product can make. */
export function kindsOf({ routines }: Product): readonly MeasurementKind[] {
  return KINDS.filter(({ routine }) => routine === undefined || routines.includes(routine));
}
