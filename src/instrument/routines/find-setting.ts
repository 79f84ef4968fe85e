/** The first setting of that name at any depth, for settings whose structure is not documented; undefined without one. */
export function findSetting(settings: unknown, name: string): unknown {
  if (typeof settings !== 'object' || settings === null) return undefined;
  const members = Object.entries(settings);
  const own = members.find(([key]) => key === name);
  if (own !== undefined) return own[1];
  for (const [, inner] of members) {
    const found = findSetting(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
