/** Thrown inside a measurement that was told to stop: not a failure, and never seen by a caller. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}
