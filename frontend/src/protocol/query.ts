// What stands in addresses: fields of a query, and where the next page begins.

type Filled<T> = { [Name in keyof T]?: Exclude<T[Name], null> };

/** A query string's fields without the empty ones. */
export function queryOf<T extends object>(fields: T): Filled<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== "")) as Filled<T>;
}

/** A field of the address in a Link header (RFC 8288) with rel="next". */
export function nextIn(link: string | null, field: string): string | null {
  const address = /<([^>]*)>;\s*rel="next"/.exec(link ?? "")?.[1];
  return address ? new URL(address, location.origin).searchParams.get(field) : null;
}
