/** Result of a check. */
export interface Finding {
  check: string;
  result: 'ok' | 'note' | 'FAILED';
  detail: string;
  /** Advice to the reader. */
  advice?: string;
}
