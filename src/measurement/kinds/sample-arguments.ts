import { argument, procedureArgument } from '../arguments/argument.ts';
import { within } from '../arguments/numbers.ts';

const area = within(1e-6, 1000).describe('Masked area.');

/** The area where it is also a setting. */
export const areaSetting = argument(area, 'cm²', ['*', 'Area (cm2)']);
/** The area where only SetInfo takes it. */
export const areaOnly = procedureArgument(area, { unit: 'cm²', without: 'nobody stated it' });
