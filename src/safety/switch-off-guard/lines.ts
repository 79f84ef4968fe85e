/** How the lines from a server to its guard process begin: one of JSON for each message. */
export const BEGIN = '{"type":"begin"';
export const STATE = '{"type":"state"';
/** The server ends in order: nothing is to be done. */
export const END = '{"type":"end"}';

/** Line that a guard process prints when it is there. */
export const READY = 'ready\n';
