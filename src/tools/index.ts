import { commandTools, routineCommandTools } from './command-tools.ts';
import { routineCustomCommand } from './custom-command.ts';
import type { Tool } from './define-tool.ts';
import { instrumentStatus } from './instrument-status.ts';
import { measureTools } from './measure.ts';
import { safeShutdownTool } from './safe-shutdown.ts';
import { cancelMeasurement, waitForMeasurement } from './wait-for-measurement.ts';

/** Every tool, in the order hosts see: workflow first, custom commands last, since some take only the first forty. */
export const tools: readonly Tool[] = [
  instrumentStatus,
  safeShutdownTool,
  ...measureTools,
  waitForMeasurement,
  cancelMeasurement,
  ...commandTools,
  ...routineCommandTools,
  routineCustomCommand,
];
