import * as z from 'zod';
import { SetMode, tpr } from '../../instrument/routines/tpr.ts';
import { argument } from '../arguments/argument.ts';
import { findPath } from '../../instrument/settings.ts';
import { defineKind } from './kind.ts';
import { count, within } from '../arguments/numbers.ts';

const pulse = (name: string): readonly string[] => ['output_settings', 'pulse', name];
const level = (name: string): readonly string[] => ['output_settings', 'level', name];
const light = z.number().min(0).max(2);

const transientArguments = {
  test: argument(z.enum(['TPV', 'TPC']), '', ['test']),
  start_level: argument(light.describe('1 is about a sun.'), '', level('start')),
  end_level: argument(light, '', level('end')),
  levels: argument(count(200), '', level('steps')),
  bias_share: argument(
    z.number().min(0).max(1).describe('Steady part; near 1: small perturbation.'),
    '',
    level('bias'),
  ),
  record_s: argument(within(1e-7, 10).describe('Of a record.'), 's', pulse('duration')),
  pulse_percent: argument(z.number().min(0).max(100).describe('Of the record.'), '%', pulse('duty_cycle')),
  points: argument(count(100_000, 2), '', pulse('points')),
  averages: argument(count(100_000), '', pulse('averaging')),
};

export const transientKind = defineKind({
  tool: 'measure_transient',
  title: 'Measure TPV or TPC',
  description:
    'Transient photovoltage (TPV: lifetime against Voc) or photocurrent (TPC: extracted charge) at rising light levels. About 20 s.',
  routine: tpr,
  arguments: transientArguments,
  usesArea: false,
  async procedure(run, { test }) {
    // TPV or TPC is a setting in newer software and a command in older one, whose settings do not say which is on.
    let byCommand = false;
    await run.prepare((settings) => {
      byCommand = findPath(settings, ['test']) === undefined;
      return byCommand ? ['test'] : [];
    });
    if (byCommand && test !== undefined) await run.session.call(SetMode, { mode: test });
    await run.start();
    await run.follow();
    await run.fetch();
    return {};
  },
});
