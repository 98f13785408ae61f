/** Sessions last 15 minutes to 12 hours; most roles allow no more than one hour. */
export const shortestMinutes = 15;
export const longestMinutes = 720;

/** Whole minutes within the limits of a session, or null. */
export function readMinutes(text: string): number | null {
  const minutes = Number(text);
  const isAllowed = Number.isInteger(minutes) && minutes >= shortestMinutes && minutes <= longestMinutes;
  return text.trim() !== '' && isAllowed ? minutes : null;
}

/** The length of a session in whole minutes, as a field shows it. */
export function minutesOf({ durationSeconds }: { readonly durationSeconds: number }): string {
  return String(Math.round(durationSeconds / 60));
}

/** True if the text looks like the ARN of a role; main checks the same. */
export function isRoleArn(text: string): boolean {
  return /^acs:ram::[0-9*]+:role\/.+$/.test(text);
}

/** True if STS takes the text as the name of a session; main checks the same. */
export function isSessionName(text: string): boolean {
  return /^[\w.@-]{2,64}$/.test(text);
}
