/** The people who may sign in, wherever an organization keeps them: `sources/` has one file a way. */

export interface User {
  readonly upn: string;
  readonly name: string;
  readonly groups: readonly string[];
}

export interface Users {
  /** By user principal name, or by the part before the `@` where only one user has it. */
  find(name: string): Promise<User | undefined>;
  /** The user if the password matches; an unknown name takes equally long. */
  check(name: string, password: string): Promise<User | undefined>;
}
