/** The people who may sign in, wherever an organization keeps them: `sources/` has one file a way. */

export interface User {
  /** the person's own, whatever they are called; `sub` of the ID token */
  readonly id: string;
  readonly upn: string;
  readonly name: string;
  readonly groups: readonly string[];
}

export interface Users {
  byId(id: string): Promise<User | undefined>;
  /** By user principal name, or by the part before the `@` where only one user has it. */
  find(name: string): Promise<User | undefined>;
  /** The user if the password matches; an unknown name takes equally long. */
  check(name: string, password: string): Promise<User | undefined>;
}
