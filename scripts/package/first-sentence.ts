/** First sentence of a description; the rest is for models. */
export function firstSentence(description: string): string {
  return description.trim().split(/(?<=\.) (?=[A-Z])/)[0] ?? '';
}
