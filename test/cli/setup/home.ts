import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { hostApps } from '../../../src/cli/setup/host-apps.ts';

/** A home folder of nobody, in which Claude Desktop was started once. */
export interface Home {
  readonly folder: string;
  /** Where programs look for it, on every system. */
  readonly environment: Record<string, string>;
  /** Claude Desktop's configuration. */
  readonly config: string;
  read: () => string;
  write: (content: string | Uint8Array) => void;
  /** What is in Claude Desktop's folder. */
  names: () => string[];
}

/** Makes homes, and removes them after each test. Call it once per file. */
export function homes(): () => Home {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'arkeo-mcp-home-'));
    made.push(folder);
    const environment = {
      HOME: folder,
      USERPROFILE: folder,
      APPDATA: path.join(folder, 'AppData', 'Roaming'),
      LOCALAPPDATA: path.join(folder, 'AppData', 'Local'),
      XDG_CONFIG_HOME: '',
    };
    const { platform } = process;
    const place = { platform, env: environment, home: folder, claudePackages: [] };
    const config = hostApps['claude-desktop'].files(place)[0] ?? '';
    mkdirSync(path.dirname(config), { recursive: true });
    return {
      folder,
      environment,
      config,
      read: () => readFileSync(config, 'utf8'),
      write: (content) => writeFileSync(config, content),
      names: () => readdirSync(path.dirname(config)).sort(),
    };
  };
}
