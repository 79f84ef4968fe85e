/** Names that Windows keeps for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const MAX_BYTES = 120;

/** Why a text cannot be the name of a file on every system; undefined when it can. */
export function whyNoFileName(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'it is empty or a folder';
  if (/[\\/]/.test(name)) return 'it contains a folder';
  if (/[<>:"|?*\p{Cc}\p{Cf}]/u.test(name)) return 'it contains one of <>:"|?* or an invisible character';
  if (/[. ]$/.test(name)) return 'it ends with a dot or a space';
  if (name.startsWith('.')) return 'it begins with a dot, which hides a file';
  if (RESERVED.test(name)) return 'Windows keeps that name for a device';
  if (Buffer.byteLength(name) > MAX_BYTES) return `it is longer than ${MAX_BYTES} bytes`;
  return undefined;
}

/** `picture.png`, `picture-2.png`, `picture-3.png`, ... */
export function numbered(name: string, n: number): string {
  if (n === 1) return name;
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name}-${n}` : `${name.slice(0, dot)}-${n}${name.slice(dot)}`;
}
