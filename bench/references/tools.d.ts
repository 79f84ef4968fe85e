/** List of the reference servers; bundleReferences puts it there. */
declare module '#tools' {
  const tools: readonly {
    name: string;
    title: string;
    description: string;
    inputSchema: Record<string, unknown>;
    outputSchema: Record<string, unknown>;
    annotations: Record<string, boolean | string>;
  }[];
  export default tools;
}
