/**
 * An answer of the size and form that a command tool of arkeo-mcp gives.
 *
 * @param said data of the answer
 */
export function answer(said: unknown) {
  return {
    content: [{ type: 'text' as const, text: JSON.stringify(said) }],
    structuredContent: {
      target: 'MAIN',
      command: 'GetActiveRoutine',
      data: said,
      elapsed_ms: 0,
      simulated: false,
      warnings: [],
    },
  };
}
