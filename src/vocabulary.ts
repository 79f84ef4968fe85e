/** What a person may be asked about before it is done, and what `--allow` names. */
export const HAZARDS = ['laser', 'uv', 'limits', 'calibration', 'take-over', 'relays', 'custom'] as const;
export type Hazard = (typeof HAZARDS)[number];

/** The groups of tools. */
export const TOOLSETS = ['workflow', 'main', 'routine', 'led', 'mux', 'tmpctl', 'custom'] as const;
export type Toolset = (typeof TOOLSETS)[number];
