import { ConfigurationError } from '../../errors.ts';
import type { Product } from '../../instrument/product.ts';
import { describeIssues } from '../../text/describe-issues.ts';
import { tightened } from './effective.ts';
import { matchesGlob } from './glob.ts';
import type { LimitValues } from './limit-values.ts';
import { type LimitsFile, limitsFile } from './limits-schema.ts';
import { DEFAULT_PROFILE } from './profiles.ts';
import { type Profile, resolveProfiles, valuesOf } from './resolve-profiles.ts';

const HINT = 'limits.example.json is a whole limits file; docs/limits.schema.json describes it.';

/**
 * The limits of a profile: the built-in ones, changed by the text of a limits file where there is one. The whole file
 * is checked, not only that profile. Throws ConfigurationError, which names the place and what would be right.
 */
export function loadLimits(
  product: Product,
  text: string | undefined,
  profileName: string = DEFAULT_PROFILE,
): { limits: Profile } {
  const { profiles, problems } = resolveProfiles(product, text === undefined ? {} : parseFile(product, text));
  if (problems.length > 0) throw new ConfigurationError(`the limits file: ${problems.join('; ')}`, HINT);
  const limits = profiles.find(({ name }) => name === profileName);
  if (limits === undefined) {
    throw new ConfigurationError(
      `there is no limits profile ${JSON.stringify(profileName)}`,
      `The profiles are ${profiles.map(({ name }) => name).join(', ')}; further ones are defined in the limits file.`,
    );
  }
  return { limits };
}

function parseFile(product: Product, text: string): LimitsFile {
  let json: unknown;
  try {
    // Editors on Windows may begin a file with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`the limits file is not JSON: ${reason}`, HINT);
  }
  const parsed = limitsFile(product).safeParse(json);
  if (!parsed.success) throw new ConfigurationError(`the limits file: ${describeIssues(parsed.error)}`, HINT);
  return parsed.data;
}

/** Limits that apply to one routine and device. */
export interface Limits {
  readonly product: Product;
  readonly profile: string;
  readonly values: LimitValues;
  readonly deniedRoutines: readonly string[];
  /** A routine has to be in each of the lists. */
  readonly allowedRoutines: readonly (readonly string[])[];
  /** Commands as `TARGET.Command`. */
  readonly deniedCommands: readonly string[];
}

/**
 * The limits for a routine on a device: the profile's, with what it gives for the routine in their place, tightened
 * by every device pattern that fits. Without a routine the profile's own apply; without a device, no pattern fits.
 */
export function limitsFor({
  profile,
  routine,
  device,
}: {
  profile: Profile;
  routine: string | undefined;
  device: string | undefined;
}): Limits {
  const fitting = profile.devices
    .filter(({ pattern }) => device !== undefined && matchesGlob(pattern, device))
    .map(({ limits }) => limits);
  return {
    product: profile.product,
    profile: profile.name,
    values: fitting.reduce(tightened, valuesOf(profile, routine)),
    deniedRoutines: [...profile.deniedRoutines, ...fitting.flatMap(({ routines }) => routines?.deny ?? [])],
    allowedRoutines: [profile.allowedRoutines, ...fitting.map(({ routines }) => routines?.allow)].filter(
      (list) => list !== undefined,
    ),
    deniedCommands: [...profile.deniedCommands, ...fitting.flatMap(({ commands }) => commands?.deny ?? [])],
  };
}
