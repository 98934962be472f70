import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const service = process.env["GRADUS_URL"] ?? "http://127.0.0.1:8765";

// What the first look and a later one share stands in one file: dozens of small ones, each
// compressed by itself, would weigh a twentieth more.
const SHARED =
  /\/src\/(painting|layers|layout|curves|draft|run|numbers|colour|page|wire|timeline|sight|lanes|catalogue|forms|points|descent)\//;

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../backend/gradus_server/page",
    emptyOutDir: true,
    target: "es2022",
    // The server's policy forbids data: scripts and inline ones; every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "shared", test: SHARED, minShareCount: 2 }] },
      },
    },
  },
  server: {
    proxy: { "/api": { target: service, ws: true, changeOrigin: true } },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node", setupFiles: ["tests/words.ts"] },
});
