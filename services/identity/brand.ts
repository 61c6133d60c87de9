/** What the provider's own pages are called. */
export const BRAND = 'Holdfast sign-in';
