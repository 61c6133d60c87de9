/** The language that Holdfast speaks. Another one is two files beside these, named here. */
export { causes, people } from './en.ts';
export { operators } from './en-operators.ts';
