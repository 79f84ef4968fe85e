/** An LED board as LED.GetStatus reports it. */
export interface LedBoard {
  /** Undefined on older software, which knows one board without an address. */
  address: number | undefined;
  connected: boolean;
  /** 0 to 1, in the order of LED_CHANNELS; undefined where the instrument sent no number. */
  values: (number | undefined)[];
}
