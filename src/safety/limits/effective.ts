import type { CeilingName, Limit, LimitValues, SomeValues, Window, WindowName } from './limit-values.ts';

/** All values, each from its name. */
function eachValue(
  windowOf: (name: WindowName) => Limit<Window>,
  ceilingOf: (name: CeilingName) => Limit<number>,
): LimitValues {
  return {
    voltage_v: windowOf('voltage_v'),
    current_a: ceilingOf('current_a'),
    temperature_c: windowOf('temperature_c'),
    temperature_step_c: ceilingOf('temperature_step_c'),
    led_level: ceilingOf('led_level'),
    uv_level: ceilingOf('uv_level'),
    laser_percent: ceilingOf('laser_percent'),
    laser_duty_percent: ceilingOf('laser_duty_percent'),
    probe_current_a: ceilingOf('probe_current_a'),
    duration_s: ceilingOf('duration_s'),
  };
}

type Part<T> = { readonly soft?: T | undefined; readonly hard?: T | undefined } | undefined;

/** `some` in place of what it names. */
export function replaced(base: LimitValues, some: SomeValues): LimitValues {
  const over = <T>({ soft, hard }: Limit<T>, part: Part<T>): Limit<T> => ({
    soft: part?.soft ?? soft,
    hard: part?.hard ?? hard,
  });
  return eachValue(
    (name) => over(base[name], some[name]),
    (name) => over(base[name], some[name]),
  );
}

/** Keeps what both allow: never more than `base`. */
export function tightened(base: LimitValues, some: SomeValues): LimitValues {
  return eachValue(
    (name) => narrower(base[name], some[name], common),
    (name) => narrower(base[name], some[name], Math.min),
  );
}

function narrower<T>(base: Limit<T>, part: Part<T>, both: (a: T, b: T) => T): Limit<T> {
  const hard = part?.hard === undefined ? base.hard : both(base.hard, part.hard);
  const soft = part?.soft === undefined ? base.soft : both(base.soft, part.soft);
  return { soft: both(soft, hard), hard };
}

/**
 * Intersects two windows. If they do not meet, the lowest value comes out above the highest, and nothing lies within.
 */
function common(a: Window, b: Window): Window {
  return [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
}
