/** Advice where something is still on, whatever else went wrong. */
export const NOT_SWITCHED_OFF = 'Call safe_shutdown now, and tell the person at the ARKEO.';
