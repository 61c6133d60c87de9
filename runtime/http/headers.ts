/** Headers that components say to each other on every call. */

/** The caller's trust statement; the TLS certificate it connects with must carry the stated key. */
export const STATEMENT_HEADER = 'holdfast-statement';
/** Version of the revocation list that the sender holds: whoever is behind asks the root at once instead of at its next poll. */
export const LIST_HEADER = 'holdfast-list';
