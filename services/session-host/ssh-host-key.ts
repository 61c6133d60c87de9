/** The public host key of an SSH server, in whichever of its usual files. Pure. */

/** Best first: a viewer is told one key, and prefers a server's key of its type. */
const TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];

/**
 * `type base64`, or undefined when there is none. `text`: a file `ssh_host_*_key.pub`, the output of `ssh-keyscan` (comments, the host's
 * name in front, a key of each type), or a known_hosts file of one server.
 */
export function hostKeyIn(text: string): string | undefined {
  const keys = text.split('\n').flatMap(keyOf);
  return TYPES.flatMap((type) => keys.filter((key) => key.startsWith(`${type} `))).at(0);
}

function keyOf(line: string): readonly string[] {
  const fields = line.trim().split(/\s+/u);
  const at = fields.findIndex((field) => TYPES.includes(field));
  const [type = '', content = ''] = fields.slice(at);
  // One field may stand before it: the server's name, but neither the sign of a comment nor a marker such as @revoked.
  if (at < 0 || at > 1 || /^[#@]/u.test(fields[0] ?? '')) return [];
  return isKey(type, content) ? [`${type} ${content}`] : [];
}

/** Every key begins with its type, after the type's length in four bytes. */
function isKey(type: string, content: string): boolean {
  const bytes = Buffer.from(content, 'base64');
  if (bytes.length < 4 || !/^[A-Za-z0-9+/]+={0,2}$/u.test(content)) return false;
  return bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString() === type;
}
