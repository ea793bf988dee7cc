/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Members that are undefined are left out, as JSON.stringify does. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
