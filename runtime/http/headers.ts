/** With every call between components: the caller's trust statement; the TLS certificate it connects with must carry the stated key. */
export const STATEMENT_HEADER = 'holdfast-statement';
