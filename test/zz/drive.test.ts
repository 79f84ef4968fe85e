import { test } from 'vitest';
import { startSimulator } from '/work/main/src/simulator/server.ts';
import { toolsOn } from '/work/main/test/helpers/tools.ts';
const runs: [string, Record<string, unknown>][] = [
  ['measure_jv', { light_source: '12_led', light_level_percent: 100 , end_v: 1.2, device_name: 'A1', area_cm2: 0.2}],
  ['measure_dark_jv', { end_v: 1.2 , spectra: true}],
  ['check_contact', {}],
  ['measure_stabilised_power', {duration_s: 5, light_source: '12_led', light_level_percent: 100}],
  ['measure_eqe', {step_nm: 10}],
  ['measure_luminescence', {laser_percent: 50, laser_channel: 1}],
  ['measure_impedance', {}],
  ['measure_transient', {test: 'TPV'}],
  ['measure_celiv', {thickness_nm: 500}],
  ['measure_tcspc', {}],
  ['measure_sheet_resistance', {thickness_um: 0.5}],
  ['measure_routine', {routine: 'PLQY'}],
  ['measure_routine', {routine: 'Pulsed EL'}],
];
for (const dialect of ['newest','oldest'] as const)
test(dialect, async () => {
  const sim = await startSimulator({ speed: 20, dialect });
  const b = toolsOn(sim.port);
  for (const [name, args] of runs) {
    const t = performance.now();
    const r = await b.call(name, {...args, wait_s: 50});
    console.log(dialect, name, Math.round(performance.now()-t), r.isError, '\n'+ r.text.slice(0,1800));
  }
  b.close(); await sim.close();
}, 200000);
