/** Hazards that a person may be asked about before an action, and that `--allow` names. */
export const HAZARDS = ['laser', 'uv', 'limits', 'calibration', 'take-over', 'relays', 'custom'] as const;
export type Hazard = (typeof HAZARDS)[number];

/** The groups of tools. */
/** The TCP port of an ARKEO All-in-One, unless somebody changed it. */
export const ALL_IN_ONE_PORT = 6360;

export const TOOLSETS = ['workflow', 'main', 'routine', 'led', 'mux', 'tmpctl', 'custom'] as const;
export type Toolset = (typeof TOOLSETS)[number];

/** MCP hosts that `arkeo-mcp setup` knows, by their names for --for. */
export const HOST_APPS = ['claude-desktop', 'claude-code', 'vscode', 'cursor'] as const;
export type HostApp = (typeof HOST_APPS)[number];
