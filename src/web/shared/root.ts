/** Where the server is: everything that is built lies in assets/ of it, also where it stands behind a path. */
export const ROOT = new URL(/* @vite-ignore */ '../', import.meta.url)
