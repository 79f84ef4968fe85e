import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../errors.ts';
import type { Product } from '../../instrument/product.ts';
import { type Limits, limitsFor, loadLimits } from './limits-file.ts';

/** The limits that this server works under. */
export interface LimitSource {
  /** Why there are none: then nothing may be changed. */
  readonly blocked: string | undefined;
  /** Throws ConfigurationError where there are none. */
  for(about: { routine: string | undefined; device: string | undefined }): Limits;
}

/** Limits of a file, or the built-in ones. A file that is missing or wrong leaves none: it was meant to protect. */
export function limitSource(product: Product, file: string | undefined, profileName: string): LimitSource {
  try {
    const { limits: profile } = loadLimits(
      product,
      file === undefined ? undefined : textOf(file),
      profileName,
    );
    return { blocked: undefined, for: (about) => limitsFor({ profile, ...about }) };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return {
      blocked: `${error.message}. ${error.hint}`,
      for: () => {
        throw error;
      },
    };
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `the limits file ${file} cannot be read: ${reason}`,
      'Correct --limits (ARKEO_LIMITS), or leave it out for the built-in limits.',
    );
  }
}
