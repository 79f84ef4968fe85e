/** A reply of JV data of about that length, with NaN for the current of some points. @param isNaNRow by index */
export function replyOf(bytes: number, isNaNRow: (row: number) => boolean): Buffer {
  const rows: string[] = [];
  let state = 1;
  const random = (): number => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (let length = 0; length < bytes; length += rows.at(-1)?.length ?? 0) {
    const current = (random() * 20).toExponential(6);
    const shown = isNaNRow(rows.length) ? 'NaN' : current;
    rows.push(
      `[${(random() * 1.2).toFixed(6)},${shown},${random().toExponential(6)},${random().toFixed(6)}],`,
    );
  }
  const data = rows.join('').slice(0, -1);
  return Buffer.from(`{"status":"OK","request_id":1,"data":{"scans":[{"name":"forward","data":[${data}]}]}}`);
}
