import type { Product } from '../instrument/product.ts';
import { commandTools, routineCommandTools } from './command-tools.ts';
import { routineCustomCommand } from './custom-command.ts';
import { compareMeasurements } from './compare-measurements.ts';
import type { Tool } from './define-tool.ts';
import { describeRoutineTool } from './describe-routine.ts';
import { exportMeasurement } from './export-measurement.ts';
import { getCommandLog } from './get-command-log.ts';
import { getMeasurementData } from './get-measurement-data.ts';
import { getMeasurement } from './get-measurement.ts';
import { instrumentStatus } from './instrument-status.ts';
import { listMeasurements } from './list-measurements.ts';
import { measureTools } from './measure.ts';
import { plotMeasurementsTool } from './plot-measurements.ts';
import { recoverMeasurement } from './recover-measurement.ts';
import { safeShutdownTool } from './safe-shutdown.ts';
import { selectDeviceTool } from './select-device.ts';
import { setLightTool } from './set-light.ts';
import { setStageTemperatureTool } from './set-stage-temperature.ts';
import { cancelMeasurement, waitForMeasurement } from './wait-for-measurement.ts';

/**
 * Every tool for a product, in the order hosts see: workflow first, custom commands last, since some take only the
 * first forty.
 */
export function toolsFor(product: Product): readonly Tool[] {
  return [
    instrumentStatus,
    safeShutdownTool,
    ...measureTools(product),
    waitForMeasurement,
    cancelMeasurement,
    recoverMeasurement,
    listMeasurements,
    getMeasurement,
    getMeasurementData,
    plotMeasurementsTool,
    compareMeasurements,
    exportMeasurement,
    describeRoutineTool(product),
    getCommandLog,
    setLightTool,
    selectDeviceTool,
    setStageTemperatureTool,
    ...commandTools(product),
    ...routineCommandTools(product),
    routineCustomCommand,
  ];
}
