/** Members of a SetLaser parameter that say how bright a laser is, or whether it is on. */
export const LASER_FORMS = ['intensity', 'duty_cycle', 'enabled', 'laser'] as const;
export type LaserForm = (typeof LASER_FORMS)[number];

/** A laser as a SetLaser parameter names it; both undefined where the routine has one laser. */
export interface LaserId {
  channel: number | string | undefined;
  port: number | string | undefined;
}
