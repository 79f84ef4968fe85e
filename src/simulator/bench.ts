import { LED_CHANNELS, sunsFromLevels } from './physics/light.ts';
import { createPixels, type Pixel } from './physics/sample.ts';
import { TemperatureStage } from './physics/temperature-stage.ts';
import type { Random } from './random.ts';

/** Everything on the table, whichever routine is open: sample, relays, LED board and temperature stage. */
export class Bench {
  readonly pixels: readonly Pixel[];
  readonly stage = new TemperatureStage();
  readonly random: Random;
  /** Level of each LED channel, 0 to 1. */
  ledLevels: readonly number[] = Array.from({ length: LED_CHANNELS }, () => 0);
  /** Closed relays; the n-th leads to the n-th pixel. */
  relays: readonly boolean[];
  #time = 0;

  constructor(random: Random) {
    this.random = random;
    this.pixels = createPixels(random);
    this.relays = this.pixels.map(() => false);
  }

  /**
   * Advances everything that changes by itself to a moment, in simulated seconds; a moment in the past changes
   * nothing.
   */
  advanceTo(seconds: number): void {
    if (seconds <= this.#time) return;
    this.stage.advance(seconds - this.#time);
    this.#time = seconds;
  }

  /** Light of the LED board on the sample, in suns. */
  get suns(): number {
    return sunsFromLevels(this.ledLevels);
  }

  /**
   * The pixels at the probes: those with a closed relay; while all relays are open, the first pixel, on which
   * the probes stand.
   */
  contacted(): readonly Pixel[] {
    const connected = this.pixels.filter((_, i) => this.relays[i] === true);
    return connected.length > 0 ? connected : this.pixels.slice(0, 1);
  }
}
