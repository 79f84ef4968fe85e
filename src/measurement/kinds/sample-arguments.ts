import * as z from 'zod';
import { argument, steering } from '../arguments/argument.ts';

const area = z.number().min(1e-6).max(1000).describe('Active (masked) area, cm².');

/** The area where it is also a setting. */
export const areaSetting = argument(area, ['*', 'Area (cm2)']);
/** The area where only SetInfo takes it. */
export const areaOnly = steering(area);
