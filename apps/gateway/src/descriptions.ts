/** What of an OpenAPI document is gathered from several. */
export interface Description {
  readonly paths: Readonly<Record<string, object>>;
  readonly components?: { readonly schemas?: object; readonly [other: string]: unknown };
  readonly [other: string]: unknown;
}

/** One document of the documents of services that share a platform: its own calls stand in each, and are the same. */
export function mergeDescriptions(documents: readonly Description[]): Description {
  const [first, ...others] = documents;
  return others.reduce(
    (whole, { paths, components }) => ({
      ...whole,
      paths: { ...whole.paths, ...paths },
      components: {
        ...whole.components,
        schemas: { ...whole.components?.schemas, ...components?.schemas },
      },
    }),
    first!,
  );
}
