// The way from elsewhere on the page to a search in the library.
import { createContext, useContext } from "react";

export const SearchLibraryContext = createContext<(text: string) => void>(() => undefined);

/** Open the library, and look for this in it. */
export const useSearchLibrary = () => useContext(SearchLibraryContext);
