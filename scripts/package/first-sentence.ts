/** Of a description; what follows it is for models. */
export function firstSentence(description: string): string {
  return description.trim().split(/(?<=\.) (?=[A-Z])/)[0] ?? '';
}
