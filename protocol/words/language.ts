/** The language that Holdfast speaks. Another one is a file beside `en.ts`, named here. */
export { causes, operators, people } from './en.ts';
