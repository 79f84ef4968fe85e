type Node = Readonly<Record<string, unknown>>;

export interface HardLimits {
  volts: readonly [number, number];
  amperes: number;
}

/**
 * What in a settings tree lies beyond hard limits, judged by the names of the documentation alone. Written without
 * src/safety/limits, from what a person would read in the tree.
 */
export function beyond(tree: unknown, limits: HardLimits): string[] {
  const isInverted = names(tree).some(([name, value]) => name === 'inverted' && value === true);
  return names(tree).flatMap(([name, value, unit]) => {
    const numbers = read(value);
    const problem = (number: number): boolean => {
      const volts = unit === 'V' || isVoltage(name);
      const amperes = unit === 'A' || isCurrent(name);
      const [low, high] = limits.volts;
      // The voltage limit of a source that sets the voltage does nothing up to its preset.
      if (volts && /voltage(limit|compliance)/.test(name)) return Math.abs(number) > Math.max(6, high, -low);
      if (volts) return number < low || number > high || (isInverted && (-number < low || -number > high));
      return amperes && Math.abs(number) > limits.amperes;
    };
    return numbers.filter(problem).map((number) => `${name}: ${number}`);
  });
}

const isVoltage = (name: string): boolean =>
  /^(v?start|v?end|step|dv|holdvoltage|biasvoltage|amplitude|offset|min|max|dvtrack|voltagelimit)\(v\)$/.test(
    name,
  ) || ['vlimit', 'voltagecompliance', 'amplitude'].includes(name);
const isCurrent = (name: string): boolean =>
  ['compliance(a)', 'currentlimit(a)', 'currentcompliance'].includes(name);

/** Every value with the folded name over it, and the unit beside it. */
function names(node: unknown, name = '', unit?: string): [name: string, value: unknown, unit?: string][] {
  if (Array.isArray(node)) return node.flatMap((one) => names(one, name, unit));
  if (typeof node !== 'object' || node === null)
    return [unit === undefined ? [name, node] : [name, node, unit]];
  const { value, unit: stated, ...rest } = node as Node;
  if (value !== undefined && typeof stated === 'string')
    return [...names(value, name, stated), ...names(rest, name)];
  return Object.entries(node).flatMap(([key, inner]) =>
    names(inner, key.toLowerCase().replaceAll(/[\s_]/g, '')),
  );
}

function read(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'string') return [];
  const number = Number.parseFloat(value.trim().replace(',', '.'));
  return Number.isNaN(number) ? [] : [number];
}
