import type { Imported } from "../protocol/types";

/** An import as far as it is: a file or text to be sent, then what has become of it. */
export interface Import {
  readonly file: File | null;
  readonly text: string;
  readonly outcome: Imported | null;
}

export const NO_IMPORT: Import = { file: null, text: "", outcome: null };
