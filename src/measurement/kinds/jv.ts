import { jv } from '../../instrument/routines/jv.ts';
import { measureOnce } from './finite.ts';
import { jvArguments, lightContradiction, ownLight } from './jv-arguments.ts';
import { defineKind } from './kind.ts';
import { requireRightLight } from './light-checks.ts';

export const jvKind = defineKind({
  tool: 'measure_jv',
  title: 'Measure a JV curve',
  description:
    'JV curve under light: Voc, Jsc, fill factor, efficiency, series and shunt resistance, hysteresis. Light as the instrument has it unless light_source is given. Lasts span / rate per scan, usually 15 s.',
  routine: jv,
  arguments: jvArguments,
  usesArea: true,
  contradiction: lightContradiction,
  check: requireRightLight,
  switches: ownLight,
  procedure: measureOnce,
});
