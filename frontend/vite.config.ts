import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Django serves what is built here at /static/client/, named by the pages of playlist_backend/shell.py.
export default defineConfig({
  base: "/static/client/",
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: { input: "src/main.tsx" },
    modulePreload: { polyfill: false },
    // A server that runs goes on with what it has: run.py takes away what is older than the build before.
    emptyOutDir: false,
    manifest: "manifest.json",
  },
});
