import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.browser.ts"],
    globalSetup: "tests/harness/setup.ts",
    environment: "node",
    // One service, one browser at a time: a small machine has enough to do with these.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
