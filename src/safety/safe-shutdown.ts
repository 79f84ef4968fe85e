import type { ConnectionManager } from '../connection/connection-manager.ts';
import type { InstrumentClient } from '../instrument/client.ts';
import type { Ownership } from './ownership.ts';
import { lasersOff } from './shutdown/lasers.ts';
import { ledsToZero } from './shutdown/leds.ts';
import { closeRoutine, stopMeasurement, waitForReady } from './shutdown/measurement.ts';
import { openRelays } from './shutdown/relays.ts';
import { type ShutdownContext, type ShutdownOptions, Step, type StepResult } from './shutdown/step.ts';
import { temperatureControlOff } from './shutdown/temperature.ts';

export interface ShutdownStep {
  step: string;
  result: StepResult;
  detail: string;
}

/** Answers come fast when the instrument is well; all the unanswered ones must still fit into one call. */
const STEP_TIMEOUT_MS = 3000;

/**
 * Takes the energy out, in this order: measurement, LEDs, lasers, wait for Ready, relays, temperature control,
 * and the routine window if asked. Every step, and within a step every device, is attempted whatever became of
 * the others, on a connection that waits for nobody. Never throws: each step says what became of it.
 */
export function safeShutdown(
  connection: ConnectionManager,
  client: InstrumentClient,
  ownership: Ownership,
  options: ShutdownOptions,
): Promise<ShutdownStep[]> {
  return connection.shutdown(async (lane) => {
    const context: ShutdownContext = {
      ...options,
      client,
      ownership,
      send: { lane, timeoutMs: STEP_TIMEOUT_MS },
    };
    const steps: ShutdownStep[] = [];
    const attempt = async (
      name: string,
      act: (step: Step, context: ShutdownContext) => Promise<void>,
    ): Promise<void> => {
      const step = new Step();
      await step.try(() => act(step, context));
      steps.push({ step: name, ...step.summary() });
    };
    await attempt('measurement', stopMeasurement);
    await attempt('leds', ledsToZero);
    await attempt('lasers', lasersOff);
    if (steps[0]?.result !== 'left') await attempt('ready', waitForReady);
    await attempt('relays', openRelays);
    await attempt('temperature control', temperatureControlOff);
    if (options.closeRoutine) await attempt('routine', closeRoutine);
    return steps;
  });
}
