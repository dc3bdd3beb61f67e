/** What tests and checks read of the configuration; the tool itself reads all of it. */
declare const config: {
  readonly forbidden: readonly { readonly name: string }[];
  readonly options: object;
};
export default config;
