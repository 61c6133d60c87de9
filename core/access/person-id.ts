/** What a table says of a person by their id at the provider, which is compared byte by byte. */
export function ofPerson(byId: Readonly<Record<string, string>> = {}, id: string | undefined): string | undefined {
  return id !== undefined && Object.hasOwn(byId, id) ? byId[id] : undefined;
}
