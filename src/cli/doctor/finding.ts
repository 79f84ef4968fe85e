/** What a check has found. */
export interface Finding {
  check: string;
  result: 'ok' | 'note' | 'FAILED';
  detail: string;
  /** What to do about it. */
  advice?: string;
}
