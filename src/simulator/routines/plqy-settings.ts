import { group, number, setting } from '../shape.ts';

const nm = number({ min: 300, max: 1100 });
const window = (start: number, end: number) =>
  group({ 'Start (nm)': setting(start, nm), 'End (nm)': setting(end, nm) });

/** The settings of PLQY are undocumented. These names are ours, after the panel's controls, with its values. */
export const PLQY_SETTINGS = group({
  /** ms. */
  integration_time: setting(10, number({ above: 0, max: 60_000 })),
  averages: setting(10, number({ min: 1, max: 1000, integer: true })),
  pixel_smoothing: setting(1, number({ min: 1, max: 100, integer: true })),
  pump_window: window(420, 480),
  pl_window: window(700, 800),
});
export type PlqySettings = (typeof PLQY_SETTINGS)['initial'];

/** Describes a conflict between settings that are each valid by themselves; undefined if there is none. */
export function plqyConflict({ pump_window, pl_window }: PlqySettings): string | undefined {
  const empty = [pump_window, pl_window].some(({ 'Start (nm)': start, 'End (nm)': end }) => end <= start);
  return empty ? 'End (nm) must be above Start (nm)' : undefined;
}
