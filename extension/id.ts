/** The extension's id follows from the public key in its manifest; installers allow exactly this id to start the host. */

/** First 16 bytes of SHA-256 over the key (DER, base64 in the manifest), each half byte as a letter a to p. */
export async function extensionId(manifestKey: string): Promise<string> {
  const der = Uint8Array.from(atob(manifestKey), (char) => char.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', der)).subarray(0, 16);
  return Array.from(digest, (byte) => letter(byte >> 4) + letter(byte & 15)).join('');
}

function letter(half: number): string {
  return String.fromCharCode(97 + half);
}
