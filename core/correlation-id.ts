/** An ID that follows one operation through every log: 48 random bits, in groups that a person can read out: `7f3a-91c2-04be`. */
export function correlationIdOf(random: Uint8Array): string {
  const hex = [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8, 12)}`;
}
