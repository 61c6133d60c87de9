/** Who may sign in to the system on one machine, and in which groups they are. Passwords are made at the first start. */

export interface Person {
  readonly name: string;
  readonly upn: string;
  readonly fullName: string;
  readonly groups: readonly string[];
}

export const UPN_DOMAIN = 'holdfast.localhost';

export const PEOPLE: readonly Person[] = [
  { name: 'alice', upn: `alice@${UPN_DOMAIN}`, fullName: 'Alice Brunner', groups: ['Staff', 'Engineering'] },
  { name: 'bob', upn: `bob@${UPN_DOMAIN}`, fullName: 'Bob Keller', groups: ['Staff'] },
  { name: 'carla', upn: `carla@${UPN_DOMAIN}`, fullName: 'Carla Rossi', groups: ['Staff', 'Finance'] },
];
